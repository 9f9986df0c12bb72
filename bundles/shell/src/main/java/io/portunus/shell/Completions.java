// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.flow.api.TargetView;
import io.portunus.flow.api.VersionPin;
import io.portunus.node.api.BundleControl;
import io.portunus.node.api.BundleView;
import io.portunus.node.api.LogLevels;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What may be typed next: names of commands, their options, and the rules, targets, bundles and flows that are there. Thread-safe. */
final class Completions {
    /** Most that are offered; who has more types another letter. */
    static final int MOST = 200;
    private static final String RULE = "-r";
    private static final List<String> LEVELS = List.of("off", "error", "warn", "info", "debug", "trace");
    private static final Map<String, Syntax> SYNTAXES = Stream.of(RulesText.SYNTAX, ListenersText.SYNTAX, ExplainText.SYNTAX, FlowsText.FLOWS,
        FlowsText.KILL, TargetsText.TARGETS, TargetsText.DRAIN, TargetsText.UNDRAIN, NodeText.STATUS, NodeText.HEALTH, LogText.SYNTAX,
        ReloadText.SYNTAX, ChangesText.SYNTAX, BundlesText.SYNTAX, DeployText.UPGRADE, DeployText.ROLLBACK, DeployText.REMOVE, DeployText.DRAIN,
        DeployText.IMPACT, LimitsText.SYNTAX,
        PinsText.PIN, PinsText.UNPIN, PinsText.PINS, HelpText.SYNTAX).collect(Collectors.toMap(Completions::name, Function.identity()));

    private final NodeParts parts;

    Completions(NodeParts parts) {
        this.parts = parts;
    }

    private static String name(Syntax syntax) {
        return CommandBook.plain(syntax.usage().split(" ", 2)[0]);
    }

    /** What the last word may become, in order. */
    List<String> of(List<String> words) {
        if (words.isEmpty()) {
            return List.of();
        }
        String typed = words.getLast();
        Stream<String> all = words.size() == 1 ? commands(typed) : arguments(CommandBook.plain(words.getFirst()), words);
        return all.filter(word -> word.startsWith(typed)).distinct().sorted().limit(MOST).toList();
    }

    private static Stream<String> commands(String typed) {
        String scope = typed.substring(0, typed.length() - CommandBook.plain(typed).length());
        return CommandBook.OURS.names().stream().map(name -> scope + name);
    }

    private Stream<String> arguments(String command, List<String> words) {
        Optional<Syntax> known = Optional.ofNullable(SYNTAXES.get(command));
        if (known.isEmpty()) {
            return Stream.of();
        }
        Syntax syntax = known.get();
        String before = words.get(words.size() - 2);
        if (syntax.valued().contains(before)) {
            return value(command, before);
        }
        List<String> plain = plain(syntax, words);
        Stream<String> options = words.getLast().startsWith("-") ? Stream.concat(syntax.valued().stream(), syntax.flags().stream()) : Stream.of();
        return plain.size() >= syntax.maxWords() ? options : Stream.concat(options, word(command, plain));
    }

    /** The words before the last one that are neither options nor their values. */
    private static List<String> plain(Syntax syntax, List<String> words) {
        Map<Integer, String> plain = new HashMap<>();
        for (int i = 1; i < words.size() - 1; i++) {
            boolean option = words.get(i).startsWith("-") || i > 1 && syntax.valued().contains(words.get(i - 1));
            if (!option) {
                plain.put(plain.size(), words.get(i));
            }
        }
        return plain.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(Map.Entry::getValue).toList();
    }

    private Stream<String> value(String command, String option) {
        return switch (option) {
            case RULE -> rules();
            case "--replaces" -> bundles(BundleView::name);
            case "-p" -> engine().stream().flatMap(engine -> engine.listeners().stream()).map(listener -> Integer.toString(listener.key().port()));
            case "-s" -> command.equals("unpin") ? bundles().stream().flatMap(control -> control.pins().stream()).map(VersionPin::subject)
                .filter(subject -> subject.indexOf('/') > 0) : Stream.of();
            default -> Stream.of();
        };
    }

    private Stream<String> word(String command, List<String> before) {
        int place = before.size();
        return switch (command.toLowerCase(Locale.ROOT)) {
            case "drain", "undrain" -> place == 0 ? rules() : targets(before.getFirst());
            case "rollback", "remove", "release", "impact" -> bundles(BundleView::name);
            case "pin", "drainversion" -> place == 0 ? bundles(BundleView::name) : versions(before.getFirst());
            case "kill" -> engine().stream().flatMap(engine -> engine.flows().stream()).limit(MOST).map(flow -> Long.toString(flow.id()));
            case "log" -> place == 0 ? loggers() : LEVELS.stream();
            case "help" -> CommandBook.OURS.names().stream();
            default -> Stream.of();
        };
    }

    private Stream<String> rules() {
        var catalog = parts.catalog;
        return catalog == null ? Stream.of() : catalog.statuses().stream().map(status -> status.rule().name());
    }

    private Stream<String> targets(String rule) {
        return engine().stream().flatMap(engine -> engine.targets().stream()).filter(target -> target.rule().equals(rule)).map(TargetView::target);
    }

    private Stream<String> loggers() {
        LogLevels levels = parts.levels;
        return levels == null ? Stream.of() : levels.levels().keySet().stream();
    }

    private Stream<String> bundles(Function<BundleView, String> what) {
        return bundles().stream().flatMap(control -> control.bundles().stream()).map(what).map(BundleName::brief);
    }

    private Stream<String> versions(String bundle) {
        return bundles().stream().map(BundleControl::bundles).flatMap(all -> all.stream()
            .filter(view -> view.name().equals(BundleName.meant(bundle, all)))).map(BundleView::version);
    }

    private Optional<ForwardingEngine> engine() {
        return present(parts.engine);
    }

    private Optional<BundleControl> bundles() {
        return present(parts.bundles);
    }

    private static <T> Optional<T> present(@Nullable T service) {
        return Optional.ofNullable(service);
    }
}
