// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShareTest {
    @ParameterizedTest
    @CsvSource({
        // Wilson's interval at 3.09 standard deviations
        "0, 0, 0, 1", "0, 100, 0, 0.087", "100, 100, 0.913, 1", "50, 100, 0.352, 0.648", "500, 1000, 0.451, 0.549"})
    void boundsAreWideWhereLittleWasSeen(long hits, long all, double least, double most) {
        Share share = new Share(hits, all);

        assertThat(share.least()).isCloseTo(least, within(0.001));
        assertThat(share.most()).isCloseTo(most, within(0.001));
    }

    @ParameterizedTest
    @CsvSource({
        // of the new version: hits, all; of the old one; whether it is beyond doubt more
        "6, 6, 0, 1000, false", "19, 19, 0, 1000, false", "20, 20, 0, 1000, true", "6, 60, 0, 100000, false", "100, 600, 0, 100000, false",
        "200, 600, 0, 100000, true", "40, 40, 600, 1000, false", "100, 100, 600, 1000, true", "700, 1000, 600, 1000, false"})
    void exceedsOnlyWhatItExceedsBeyondDoubtAndByMuch(long hits, long all, long wereHits, long wereAll, boolean exceeds) {
        assertThat(new Share(hits, all).exceeds(new Share(wereHits, wereAll))).isEqualTo(exceeds);
    }

    /** The stated rate: of a thousand bakes of a version that does as the old one does, less than one is taken back, though each is judged often. */
    @Test
    void versionThatDoesAlikeIsHardlyEverTakenForAnother() {
        Random random = new Random(20261130);
        int alarms = 0;
        int bakes = 20_000;
        for (int bake = 0; bake < bakes; bake++) {
            double usual = random.nextDouble();
            Share older = sample(random, usual, 20 + random.nextInt(2000));
            long hits = 0;
            long all = 0;
            boolean alarm = false;
            for (int look = 0; look < 50; look++) {
                Share more = sample(random, usual, random.nextInt(20));
                hits += more.hits();
                all += more.all();
                alarm |= new Share(hits, all).exceeds(older);
            }
            alarms += alarm ? 1 : 0;
        }

        assertThat(alarms).isLessThanOrEqualTo(bakes / 1000);
    }

    /** Of a version that fails every second flow more than the old one did, hardly one bake of a hundred flows is missed. */
    @Test
    void versionThatFailsHalfOfItsFlowsIsFound() {
        Random random = new Random(7);
        int missed = 0;
        for (int bake = 0; bake < 1_000; bake++) {
            missed += sample(random, 0.55, 100).exceeds(sample(random, 0.05, 1000)) ? 0 : 1;
        }

        assertThat(missed).isLessThan(100);
    }

    private static Share sample(Random random, double share, int all) {
        int hits = 0;
        for (int i = 0; i < all; i++) {
            hits += random.nextDouble() < share ? 1 : 0;
        }
        return new Share(hits, all);
    }
}
