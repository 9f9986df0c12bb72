// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.memory.SampleInspection;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RivalInspectionsTest {
    private final KnockInspection knock = new KnockInspection("knock");
    private final Inspection rivals = RivalInspections.of(List.of(new SampleInspection(), knock));

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private String word(CloseReason reason) {
        return new String(rivals.refusal(reason), StandardCharsets.US_ASCII);
    }

    private static CloseReason reason(Verdict verdict) {
        return ((Verdict.No) verdict).reason();
    }

    @Test
    void singleInspectionStaysWhatItIs() {
        assertThat(RivalInspections.of(List.of(knock))).isSameAs(knock);
    }

    @Test
    void eachSeesAllBytesUntilOneKnowsThem() {
        assertThat(rivals.inspect(bytes("k"))).isEqualTo(Verdict.MORE);
        assertThat(rivals.inspect(bytes("kk"))).isEqualTo(Verdict.MORE);
        assertThat(rivals.inspect(bytes("kkk"))).isEqualTo(new Verdict.Recognised(Prelude.of("knock")));
        assertThat(word(CloseReason.NO_MATCHING_NAME)).isEqualTo("no_matching_name");
    }

    @Test
    void firstOfTheListWinsWhenSeveralKnowTheBytes() {
        Inspection two = RivalInspections.of(List.of(new KnockInspection("one"), new KnockInspection("two")));

        assertThat(two.inspect(bytes("kkk"))).isEqualTo(new Verdict.Recognised(Prelude.of("one")));
    }

    @Test
    void oneThatAnsweredNoIsOut() {
        assertThat(rivals.inspect(bytes("a"))).isEqualTo(Verdict.MORE);
        assertThat(rivals.inspect(bytes("ab"))).isEqualTo(Verdict.MORE);

        assertThat(knock.calls).isEqualTo(1);
        assertThat(rivals.inspect(bytes("ab!"))).isEqualTo(new Verdict.Recognised(Prelude.tls("a.test")));
        assertThat(word(CloseReason.NO_MATCHING_NAME)).isEqualTo("NO");
    }

    @Test
    void nobodySpeaksWhenAllLeaveTogetherOrSeveralStand() {
        assertThat(rivals.inspect(bytes("k"))).isEqualTo(Verdict.MORE);
        assertThat(word(CloseReason.PEEK_TIMEOUT)).isEmpty();

        assertThat(reason(RivalInspections.of(List.of(new SampleInspection(), knock)).inspect(bytes("?")))).isEqualTo(CloseReason.NOT_RECOGNISED);
        assertThat(RivalInspections.of(List.of(knock, knock)).refusal(CloseReason.NOT_RECOGNISED)).isEmpty();
    }

    @Test
    void lastOneStandingSpeaksOfItsOwnReason() {
        Inspection two = RivalInspections.of(List.of(new Refuses(CloseReason.NOT_TLS), new KnockInspection("knock")));

        assertThat(two.inspect(bytes("k"))).isEqualTo(Verdict.MORE);
        assertThat(new String(two.refusal(CloseReason.PEEK_TIMEOUT), StandardCharsets.US_ASCII)).isEqualTo("peek_timeout");
        assertThat(reason(two.inspect(bytes("kx")))).isEqualTo(CloseReason.NOT_RECOGNISED);
        assertThat(new String(two.refusal(CloseReason.NOT_RECOGNISED), StandardCharsets.US_ASCII)).isEqualTo("not_tls");
    }

    @Test
    void flawThatOneFoundIsTheVerdictUnlessAnotherOneKnowsTheBytes() {
        Inspection flawed = new Refuses(CloseReason.HELLO_MALFORMED);

        assertThat(RivalInspections.of(List.of(flawed, knock)).inspect(bytes("kkk"))).isInstanceOf(Verdict.Recognised.class);
        Inspection two = RivalInspections.of(List.of(flawed, knock));
        assertThat(RivalInspections.unclaimed(two)).isTrue();
        assertThat(two.inspect(bytes("k"))).isEqualTo(Verdict.MORE);
        assertThat(RivalInspections.unclaimed(two)).isFalse();
        assertThat(reason(two.inspect(bytes("kx")))).isEqualTo(CloseReason.HELLO_MALFORMED);
        assertThat(two.refusal(CloseReason.HELLO_MALFORMED)).isEmpty();
    }

    @Test
    void brokenInspectorIsNotBlamedOnTheClient() {
        Inspection broken = new Refuses(CloseReason.INTERNAL_ERROR);

        assertThat(RivalInspections.of(List.of(broken, knock)).inspect(bytes("kkk"))).isInstanceOf(Verdict.Recognised.class);
        assertThat(reason(RivalInspections.of(List.of(broken, knock)).inspect(bytes("x")))).isEqualTo(CloseReason.INTERNAL_ERROR);
    }

    @Test
    void flawIsAnsweredForTheReasonOfWhoeverFoundIt() {
        CloseReason own = new CloseReason("acme.old_version", CloseReason.Side.SELF, "The client speaks a version that is not taken.");
        Inspection two = RivalInspections.of(List.of(new Flawed(own), knock));

        assertThat(two.inspect(bytes("x"))).isEqualTo(Verdict.flawed(own, "as the test wants"));
    }

    /** Finds a flaw in whatever comes. */
    private record Flawed(CloseReason why) implements Inspection {
        @Override
        public Verdict inspect(ByteBuffer bytes) {
            return Verdict.flawed(why, "as the test wants");
        }

        @Override
        public byte[] refusal(CloseReason reason) {
            return new byte[0];
        }
    }

    /** Knows no bytes at all; a broken inspector is one of these to the handler. */
    private record Refuses(CloseReason why) implements Inspection {
        @Override
        public Verdict inspect(ByteBuffer bytes) {
            return new Verdict.No(why, why.equals(CloseReason.HELLO_MALFORMED) || why.equals(CloseReason.INTERNAL_ERROR), "never");
        }

        @Override
        public byte[] refusal(CloseReason reason) {
            return new byte[0];
        }
    }
}
