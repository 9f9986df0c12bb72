// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.postgres;

import static io.portunus.flow.spi.PreludeSample.octets;

import io.portunus.flow.spi.PreludeSample;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Reads a few known beginnings before anybody is served, each cut at every byte once. Takes milliseconds. Thread-safe: it has no state. */
@Component(service = SelfCheck.class)
public final class PostgresSelfCheck implements SelfCheck {
    private static final Verdict POSTGRES = new Verdict.Recognised(Prelude.of(PostgresInspector.KIND));

    /** Packets as libpq writes them, and what only looks like one. */
    static final List<PreludeSample> SAMPLES = List.of(
        new PreludeSample("start-up", POSTGRES, octets("0000001e00030000") + "user\0jdoe\0database\0a\0\0"),
        new PreludeSample("start-up of protocol 3.2", POSTGRES, octets("0000000900030002" + "00")),
        new PreludeSample("request for TLS", POSTGRES, octets("0000000804d2162f")),
        new PreludeSample("request for GSS encryption", POSTGRES, octets("0000000804d21630")),
        new PreludeSample("cancel", POSTGRES, octets("0000001004d2162e0000002a01020304")),
        new PreludeSample("long cancel of protocol 3.2", POSTGRES, octets("0000002c04d2162e0000002a")),
        new PreludeSample("request for TLS of another length", PostgresFlaw.LENGTH.verdict(), octets("0000000904d2162f00")),
        new PreludeSample("protocol 2", PostgresFlaw.CODE.verdict(), octets("0000012800020000")),
        new PreludeSample("unknown request", PostgresFlaw.CODE.verdict(), octets("0000000804d21631")),
        new PreludeSample("long start-up", PostgresFlaw.NOT_POSTGRES.verdict(), octets("0000271100030000")),
        new PreludeSample("TLS", PostgresFlaw.NOT_POSTGRES.verdict(), octets("160301")),
        new PreludeSample("HTTP", PostgresFlaw.NOT_POSTGRES.verdict(), "GET / HTTP/1.1\r\n"));

    /** Needs nothing and has no configuration. */
    @Activate
    public PostgresSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        return PreludeSample.misread(new PostgresInspector(), SAMPLES);
    }
}
