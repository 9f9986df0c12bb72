// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    @Test
    void readsIdsBeyondASignedNumber() {
        Message.Snapshot snapshot = (Message.Snapshot) Lines.parsed(Lines.snapshot(1, 2));

        assertThat(snapshot.counts()).containsKey(new BigInteger("18446744073709551614"));
    }

    @Test
    void textsCannotCommandTheTerminal() {
        Message.Hello hello = (Message.Hello) Lines.parsed("{\"v\":1,\"rules\":[{\"id\":1,\"name\":\"a\\u001b[2J\\u009bb\\u202ec\\ud800\","
            + "\"listeners\":[\"\\u0007\"],\"targets\":[{\"host\":\"h\\n\",\"ports\":\"1\"}]}]}");

        assertThat(hello.rules().getFirst().name()).isEqualTo("a?[2J?b?c?");
        assertThat(hello.rules().getFirst().listen()).isEqualTo("?");
        assertThat(hello.rules().getFirst().targets().getFirst().host()).isEqualTo("h?");
        assertThat(Text.clean("x".repeat(1000))).hasSize(Text.MAX_CHARACTERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "[]", "1", "{}", "{\"r\":1}", "{\"v\":2}", "{\"v\":\"x\"}", "{\"v\":1"})
    void refusesWhatIsNotOfTheProtocol(String line) {
        assertThatThrownBy(() -> Message.parse(line)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"v\":1}", "{\"v\":1,\"rules\":7}", "{\"v\":1,\"rules\":[1,{\"id\":\"x\",\"targets\":[7],\"listen\":\"y\"}]}",
        "{\"r\":[7,{\"id\":[],\"in\":\"x\",\"err\":[1]}],\"process\":3}"})
    void whatIsMissingOrOfAnotherKindIsEmptyOrZero(String line) throws IOException {
        assertThat(Message.parse(line)).isNotNull();
    }

    @Test
    void keysAreReadFromWhatATerminalSends() throws IOException {
        Deque<Integer> sent = new ArrayDeque<>();
        "\u001b[A\u001bOB\u001b[5~\u001b[1;5C\u001b[Z\t\r\u007f\u0003xé\u001b[99999999999999999~".chars().forEach(sent::add);
        Key.Source source = timeout -> sent.isEmpty() ? -2 : sent.poll();

        List<Key> keys = Stream.generate(() -> next(source)).takeWhile(Optional::isPresent).map(Optional::get).toList();

        assertThat(keys).startsWith(Key.of(Key.Kind.UP), Key.of(Key.Kind.DOWN), Key.of(Key.Kind.PAGE_UP), Key.of(Key.Kind.RIGHT),
            Key.of(Key.Kind.BACK_TAB), Key.of(Key.Kind.TAB), Key.of(Key.Kind.ENTER), Key.of(Key.Kind.BACKSPACE), Key.of(Key.Kind.INTERRUPT),
            Key.of('x'), Key.of('é'), Key.of(Key.Kind.UNKNOWN));
        sent.add(27);
        assertThat(Key.read(source, 1)).contains(Key.of(Key.Kind.ESCAPE));
        assertThat(Key.read(timeout -> -1, 1)).contains(Key.of(Key.Kind.GONE));
    }

    private static Optional<Key> next(Key.Source source) {
        try {
            return Key.read(source, 1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void valuesAreShort() {
        assertThat(Text.bytes(0)).isEqualTo("0 B");
        assertThat(Text.bytes(1023)).isEqualTo("1023 B");
        assertThat(Text.bytes(1536)).isEqualTo("1.5 KiB");
        assertThat(Text.bytes(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
        assertThat(Text.duration(59_999)).isEqualTo("59s");
        assertThat(Text.duration(61_000)).isEqualTo("1m 1s");
        assertThat(Text.duration(90_000_000)).isEqualTo("1d 1h");
        assertThat(Text.spark(new long[] {0, 1, 7, 14}, 3, true)).isEqualTo("▂▅█");
        assertThat(Text.left("abcdef", 4)).isEqualTo("abc~");
    }

    @Test
    void historyGivesEachSecondItsShare() {
        History history = new History();

        history.add(0, 1000, 100, 200);
        history.add(1000, 4000, 300, 0);

        assertThat(history.in()).hasSize(History.SECONDS).endsWith(100, 100, 100, 100).startsWith(0, 0);
        assertThat(history.out()).endsWith(200, 0, 0, 0);
        assertThat(history.both()).endsWith(300, 100, 100, 100);
        history.add(4000, 5000, -1, 5);
        assertThat(history.rateIn()).isZero();
        history.add(5000, 500_000, 0, 0);
        assertThat(history.both()).containsOnly(0);
    }
}
