// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static io.portunus.itest.architecture.ReferencePage.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.admin.api.Resource;
import io.portunus.flow.api.CloseReason;
import io.portunus.launcher.role.Role;
import io.portunus.launcher.role.StandaloneRole;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.MetricsPage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The pages of {@code docs/reference} that follow from the code: each must state what the code states. */
class ReferenceDocsTest {
    @Test
    void configurationListsEveryKey() throws IOException {
        Map<String, List<Object>> tables = Stream.of("io.portunus.config.file.OwnKey", "io.portunus.rules.file.ConfigKey")
            .flatMap(keys -> ((List<?>) Hidden.callStatic(keys, "keys")).stream()).map(Object.class::cast)
            .collect(Collectors.groupingBy(k -> Hidden.text(k, "table"), LinkedHashMap::new, Collectors.toList()));
        DeclaredTables declared = DeclaredTables.ofTheDistribution();
        ReferencePage page = new ReferencePage("configuration.md", "Configuration")
            .paragraph("""
                Every key of the TOML file. A key that is not here is `unknown_key`; one of a feature that this release does not have is
                refused with `not_supported_yet`, so no file means something else after an upgrade. Bundles that are deployed may bring tables
                of their own; the shell's command `settings` lists all.""");

        List<String> above = tables.keySet().stream().filter(name -> !name.startsWith("rule")).toList();
        above.forEach(table -> addTable(page, table, tables, declared));
        declared.names().stream().filter(name -> !above.contains(name)).forEach(table -> addTable(page, table, tables, declared));
        tables.keySet().stream().filter(name -> name.startsWith("rule")).forEach(table -> addTable(page, table, tables, declared));

        page.compare();
    }

    private static void addTable(ReferencePage page, String table, Map<String, List<Object>> tables, DeclaredTables declared) {
        List<Object> keys = tables.getOrDefault(table, List.of());
        page.paragraph(table.isEmpty() ? "## Top of the file" : "## `" + table + "`");
        sentence(table, tables).or(() -> declared.sentence(table)).ifPresent(page::paragraph);
        List<List<String>> rows = new ArrayList<>(keyRows(keys.stream().filter(ReferenceDocsTest::built).toList()));
        rows.addAll(table.isEmpty() ? declared.tables(tables.keySet()) : declared.keys(table));
        page.table(List.of("Key", "Meaning"), rows);
        List<Object> refused = keys.stream().filter(k -> !built(k)).toList();
        if (!refused.isEmpty()) {
            page.paragraph("Refused with `not_supported_yet`:").table(List.of("Key", "Meaning"), keyRows(refused));
        }
    }

    /** The sentence of a table is that of the key that opens it. */
    private static Optional<String> sentence(String table, Map<String, List<Object>> tables) {
        int dot = table.lastIndexOf('.');
        String parent = dot < 0 ? "" : table.substring(0, dot);
        return tables.getOrDefault(parent, List.of()).stream().filter(k -> Hidden.text(k, "key").equals(table.substring(dot + 1)))
            .map(k -> Hidden.text(k, "sentence")).findFirst();
    }

    private static boolean built(Object key) {
        return (Boolean) Hidden.call(key, "built");
    }

    private static List<List<String>> keyRows(List<Object> keys) {
        return keys.stream().map(k -> List.of(code(Hidden.text(k, "key")), Hidden.text(k, "sentence"))).toList();
    }

    @Test
    void problemCodesListsEveryCode() throws IOException {
        new ReferencePage("problem-codes.md", "Problem codes")
            .paragraph("""
                The `code` of a problem, the same in the output of `--check`, in the log, over HTTP and in the shell. The owner is the bundle that
                defines it; bundles that are deployed may bring codes of their own, which begin with a name and a dot.""")
            .table(List.of("Code", "Owner", "Meaning"), Defined.of(ProblemCode.class).stream()
                .sorted(Comparator.comparing(its -> its.value().code()))
                .map(its -> List.of(code(its.value().code()), code(its.bundle()), its.value().sentence())).toList())
            .compare();
    }

    @Test
    void closeReasonsListsEveryReasonWithItsSide() throws IOException {
        Javadoc comments = Javadoc.of("flow.api", CloseReason.class);
        new ReferencePage("close-reasons.md", "Close reasons")
            .paragraph("""
                `close_reason` and `closed_by` of an access record; `close_reason` is also the label `reason` of
                `portunus_connections_closed_total`. The owner is the bundle that defines it; bundles that are deployed may bring reasons of
                their own, which begin with a name and a dot.""")
            .table(List.of("Reason", "Closed by", "Owner", "Meaning"), Defined.of(CloseReason.class).stream()
                .map(its -> List.of(code(its.value().code()), code(its.value().by().code()), code(its.bundle()), its.value().sentence())).toList())
            .paragraph("## Sides")
            .table(List.of("Closed by", "Who"), Arrays.stream(CloseReason.Side.values())
                .map(s -> List.of(code(s.code()), comments.before(s.name() + "\\("))).toList())
            .compare();
    }

    /** Two meanings of one code would be one line in every record, metric and surface. */
    @Test
    void everyCodeHasOneOwner() {
        assertThat(Defined.of(ProblemCode.class)).extracting(Defined::value).doesNotHaveDuplicates().hasSizeGreaterThan(40);
        assertThat(Defined.of(CloseReason.class)).extracting(Defined::value).doesNotHaveDuplicates()
            .containsAll(CloseReason.known()).hasSizeGreaterThan(CloseReason.known().size());
    }

    @Test
    void metricsListsEveryFamilyOfOurs() throws IOException {
        List<MetricFamily> families = MetricFamily.parse(((MetricsPage) Hidden.create("io.portunus.metrics.prometheus.MetricsComponent"))
            .render("").body());

        assertThat(families).extracting(MetricFamily::name)
            .allMatch(n -> List.of("portunus", "jvm", "process", "system").contains(n.substring(0, n.indexOf('_'))));
        new ReferencePage("metrics.md", "Metrics")
            .paragraph("""
                `GET /metrics` of the admin surface, as plain text. Who asks for OpenMetrics gets
                `portunus_tls_client_hello_peek_duration_seconds` as one histogram; in plain text it is three counters, which are the
                predecessor's, and all that `promtool check metrics` finds. Beside these there are Micrometer's meters of the JVM
                and the process, whose names begin with `jvm_`, `process_` and `system_`; which ones depends on the JVM.""")
            .table(List.of("Name", "Type", "Labels", "Meaning"), families.stream().filter(f -> f.name().startsWith("portunus_"))
                .sorted(Comparator.comparing(MetricFamily::name))
                .map(f -> List.of(code(f.name()), f.type(), f.labels().stream().map(ReferencePage::code).collect(Collectors.joining(", ")),
                    f.help())).toList())
            .paragraph("""
                `client` is the label of the node, `rule` the id of a rule (`portunus_rule_info` has its name), `owner` is empty while rules
                have none, and `reason` is one of the [close reasons](close-reasons.md).""")
            .compare();
    }

    @Test
    void commandLineIsTheUsageText() throws IOException {
        CommandLine line = ((CommandLine) Hidden.callStatic("io.portunus.launcher.RoleCommand", "usage", Role.class, new StandaloneRole().get()))
            .setUsageHelpWidth(120);
        ReferencePage page = new ReferencePage("command-line.md", "Command line").paragraph("As `portunus-standalone --help` prints it:");

        addUsage(page, line);

        page.compare();
    }

    private static void addUsage(ReferencePage page, CommandLine line) {
        page.paragraph("```\n" + line.getUsageMessage(Ansi.OFF).lines().map(String::stripTrailing).collect(Collectors.joining("\n")) + "\n```");
        line.getSubcommands().values().forEach(c -> addUsage(page, c));
    }

    @Test
    void httpListsEveryResource() throws IOException {
        List<List<String>> rows = Stream.of("io.portunus.admin.http.OwnResources", "io.portunus.admin.node.Resources")
            .flatMap(owner -> ((Collection<?>) Hidden.callStatic(owner, "of")).stream()).map(Resource.class::cast)
            .map(ReferenceDocsTest::resourceRow).toList();

        new ReferencePage("http.md", "HTTP")
            .paragraph("""
                Resources of the admin surface. Those marked *open* need no token; every other needs the right that is named, which whoever
                sends the header `Authorization: Bearer` with the token of the file `admin.token` in the state directory has, as every other;
                [bundles](../guides/a-bundle-of-ones-own.md) may bring more resources, and know more callers. `HEAD` comes with `GET`, and
                `OPTIONS` says the methods of a path. A parameter that is not listed is refused. Whatever is refused, also what is no
                HTTP, is answered with a problem that has a `code`; the codes of configuration and rules are the
                [problem codes](problem-codes.md). Too many requests are answered 429 with `Retry-After`; probes are never.""")
            .table(List.of("Method", "Path", "Right", "Parameters", "Answers"), rows)
            .compare();
    }

    private static List<String> resourceRow(Resource resource) {
        Class<?> type = resource.getClass();
        String bundle = type.getPackageName().substring("io.portunus.".length());
        String comment = Javadoc.of(bundle, type).before("(?:public )?final class " + type.getSimpleName());
        String parameters = resource.parameters().stream().map(ReferencePage::code).sorted().collect(Collectors.joining(", "));
        return List.of(resource.method(), code(resource.template()), resource.right().map(right -> code(right.name())).orElse("open"), parameters,
            capital(comment.replaceFirst("^`[^`]*`[:.]\\s*", "")));
    }

    private static String capital(String sentence) {
        return sentence.isEmpty() ? "" : sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }
}
