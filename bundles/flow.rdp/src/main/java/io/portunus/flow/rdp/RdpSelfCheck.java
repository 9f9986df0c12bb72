// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.rdp;

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
public final class RdpSelfCheck implements SelfCheck {
    private static final Verdict RDP = new Verdict.Recognised(Prelude.of(RdpInspector.KIND));

    /** Requests as clients write them, and what only looks like one. */
    static final List<PreludeSample> SAMPLES = List.of(
        new PreludeSample("cookie and negotiation", RDP,
            octets("0300002c27e00000000000") + "Cookie: mstshash=eltons\r\n" + octets("0100080003000000")),
        new PreludeSample("negotiation alone", RDP, octets("030000130ee00000000000" + "0100080001000000")),
        new PreludeSample("nothing more", RDP, octets("0300000b06e00000000000")),
        new PreludeSample("routing token", RDP, octets("0300001d18e00000000000") + "tsv://MS.1.Farm0\r\n"),
        new PreludeSample("correlation", RDP, octets("0300003732e00000000000" + "0108080003000000" + "0600240001" + "00".repeat(31))),
        new PreludeSample("cookie without end", RdpFlaw.FORM.verdict(), octets("0300001914e00000000000") + "Cookie: mstsha"),
        new PreludeSample("length of another", RdpFlaw.NOT_RDP.verdict(), octets("0300001312e0")),
        new PreludeSample("ISO on TCP of a controller", RdpFlaw.OTHER_ISO.verdict(), octets("0300001611e00000000100c0010ac1020100c2020102")),
        new PreludeSample("TLS", RdpFlaw.NOT_RDP.verdict(), octets("160301")),
        new PreludeSample("HTTP", RdpFlaw.NOT_RDP.verdict(), "GET / HTTP/1.1\r\n"));

    /** Needs nothing and has no configuration. */
    @Activate
    public RdpSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        return PreludeSample.misread(new RdpInspector(), SAMPLES);
    }
}
