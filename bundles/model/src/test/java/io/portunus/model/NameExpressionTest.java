// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class NameExpressionTest {
    @ParameterizedTest(name = "{0} takes {1}: {2}")
    @CsvSource(delimiter = ' ', textBlock = """
        (a|b)c ac true
        (a|b)c abc false
        (?:a|b)+ abba true
        a?b* '' true
        a{3} aaa true
        a{3} aaaa false
        a{2,} a false
        a{2,} aaaaaaa true
        a{0,2}b aab true
        a{0,2}b aaab false
        [^.]+\\.x a-b_c.x true
        [^.]+\\.x a.b.x false
        [a-c\\d-]+ b-7 true
        \\w+ a_1 true
        \\w+ a-1 false
        ^a.c$ a.c true
        ^a|b$ b true
        .* any.thing true
        a\\.b axb false
        [.]x .x true
        """)
    void takesWholeNames(String expression, String name, boolean taken) {
        assertThat(NameExpression.compile(expression).matches(name)).isEqualTo(taken);
    }

    @ParameterizedTest(name = "{0} is refused: {1}")
    @CsvSource(delimiter = ' ', quoteCharacter = '"', textBlock = """
        "" "is empty"
        (a "without its ')'"
        a) "without its '('"
        [a "without its ']'"
        a] "without its beginning"
        [] "without its ']', or an empty class"
        *a "repeats nothing"
        a** "repeats a repetition"
        a+? "lazy and possessive"
        a++ "lazy and possessive"
        (a|) "empty alternative"
        () "empty group"
        (?=a) "look-around"
        (?<n>a) "look-around"
        (?i)a "flags"
        (a)\\1 "back references"
        \\Da "before something else"
        a\\ "before something else"
        a{x} "no count"
        a{2,1} "takes nothing"
        a{0} "takes nothing"
        a{9999} "no count"
        (a{100}){100} "more than 256"
        ((((a{9}){9}){9}){9}){9} "more than 256"
        a^b "whole name"
        a$b "whole name"
        [b-a] "range"
        [[a]] "classes in classes"
        [a&&b] "classes in classes"
        """)
    void refusesWhatItDoesNotUnderstand(String expression, String sentence) {
        assertThatIllegalArgumentException().isThrownBy(() -> NameExpression.compile(expression)).withMessageContaining(sentence);
    }

    @Test
    void refusesBlanksAndLongExpressions() {
        assertThatIllegalArgumentException().isThrownBy(() -> NameExpression.compile("a b")).withMessageContaining("blank");
        assertThatIllegalArgumentException().isThrownBy(() -> NameExpression.compile("a".repeat(201))).withMessageContaining("200");
        assertThat(NameExpression.compile("a".repeat(200)).matches("a".repeat(200))).isTrue();
    }

    @Test
    void agreesWithTheMatcherOfTheJdk() {
        Random random = new Random(5);
        int hits = 0;
        for (int i = 0; i < 3000; i++) {
            String expression = expression(random, 3);
            NameExpression ours = NameExpression.compile(expression);
            Pattern theirs = Pattern.compile(expression);
            for (int j = 0; j < 20; j++) {
                String name = random.ints(random.nextInt(8), 0, 4).collect(StringBuilder::new, (s, c) -> s.append("ab.1".charAt(c)),
                    StringBuilder::append).toString();
                boolean expected = theirs.matcher(name).matches();
                assertThat(ours.matches(name)).as("%s of %s", name, expression).isEqualTo(expected);
                hits += expected ? 1 : 0;
            }
        }
        assertThat(hits).isGreaterThan(2000);
    }

    private static String expression(Random random, int depth) {
        return switch (depth == 0 ? random.nextInt(4) : random.nextInt(10)) {
            case 0 -> "a";
            case 1 -> "[^a1]";
            case 2 -> random.nextBoolean() ? "\\." : ".";
            case 3 -> random.nextBoolean() ? "[b\\d]" : "b";
            case 4, 5, 6 -> expression(random, depth - 1) + expression(random, depth - 1);
            case 7 -> "(" + expression(random, depth - 1) + "|" + expression(random, depth - 1) + ")";
            case 8 -> "(" + expression(random, depth - 1) + ")" + "*+?".charAt(random.nextInt(3));
            default -> "(?:" + expression(random, depth - 1) + "){" + random.nextInt(2) + "," + (random.nextBoolean() ? "" : "2") + "}";
        };
    }

    /** On a matcher that goes back, each of these is busy for longer than anybody lives. */
    @Test
    void noNameKeepsItBusy() {
        String name = "a".repeat(252) + "!";
        for (String expression : new String[] {"(a+)+", "(a|a)*b", "(.*)*x", ".*.*.*.*.*.*.*.*x", "(a?){100}a{100}", "((a*)*)*b"}) {
            NameExpression compiled = NameExpression.compile(expression);
            long began = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                assertThat(compiled.matches(name)).isFalse();
            }
            assertThat(System.nanoTime() - began).isLessThan(TimeUnit.MILLISECONDS.toNanos(500));
        }
    }
}
