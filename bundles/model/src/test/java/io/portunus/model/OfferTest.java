// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

class OfferTest {
    @Test
    void readsWhatAManifestDeclares() {
        String header = "inspector;kind=tls, policy;kind=cap,inspector; version=1 ;kind=\"ssh\"";

        assertThat(Offer.declared(header)).containsExactly(new Offer("inspector", "tls"), new Offer("policy", "cap"), new Offer("inspector", "ssh"));
        assertThat(Offer.kinds(header, "inspector")).containsExactly("tls", "ssh");
        assertThat(Offer.kinds(header, "layer")).isEmpty();
    }

    @Test
    void clauseWithoutAKindDeclaresNothing() {
        assertThat(Offer.declared("")).isEmpty();
        assertThat(Offer.declared("inspector")).isEmpty();
        assertThat(Offer.declared("inspector;version=1,;,")).isEmpty();
    }

    @Test
    void takesNoMoreThanABundleMayDeclare() {
        assertThat(Offer.declared(String.join(",", Collections.nCopies(1_000, "inspector;kind=x")))).hasSize(Offer.MAX_DECLARED);
    }

    @Test
    void readsWhatItWrites() {
        Offer offer = new Offer("filter", "proxy");

        assertThat(Offer.parse(offer.toString())).contains(offer);
        assertThat(Offer.parse("filter")).isEmpty();
        assertThat(Offer.parse(".proxy")).isEmpty();
        assertThat(Offer.parse("filter.")).isEmpty();
    }
}
