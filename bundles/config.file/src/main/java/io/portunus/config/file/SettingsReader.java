// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TomlSection;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.Setting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the tables that bundles declare; what is absent or wrong reads as its default. For one file. */
final class SettingsReader {
    private final TomlSection top;
    private final Declarations declared;
    private final Set<String> present = new HashSet<>();
    private final Map<String, Object> values = new HashMap<>();
    private final Set<String> written = new HashSet<>();

    private SettingsReader(TomlSection top, Declarations declared) {
        this.top = top;
        this.declared = declared;
    }

    /** Reads them; the keys of the file's own in the same tables are read elsewhere. */
    static Settings read(TomlSection top, Declarations declared) {
        return new SettingsReader(top, declared).read();
    }

    /** Each key of a table within another with its value or its default. */
    static Map<String, Object> inner(TomlSection section, DeclaredTable table, Declarations declared) {
        section.checkKeys(table.name());
        SettingsReader reader = new SettingsReader(section, declared);
        reader.part(table, section);
        Map<String, Object> all = new HashMap<>();
        table.written().stream().filter(key -> !key.required() || section.has(key.key()))
            .forEach(key -> all.put(key.key(), reader.value(table, key.key())));
        return all;
    }

    private Settings read() {
        for (String name : declared.names()) {
            List<DeclaredTable> parts = declared.of(name);
            Optional<DeclaredTable> toggled = parts.stream().filter(part -> !part.toggle().isEmpty()).findFirst();
            if (toggled.isPresent() && top.raw(name).filter(Boolean.class::isInstance).isPresent()) {
                present.add(name);
                top.flag(name).ifPresent(on -> take(name + "." + toggled.get().toggle(), on));
                continue;
            }
            Optional<TomlSection> section = toggled.isPresent()
                ? top.section(name, "true or false without quotes, or a table, [" + name + "]") : top.section(name);
            section.ifPresent(its -> {
                present.add(name);
                parts.forEach(part -> part(part, its));
            });
        }
        Settings settings = new Settings(declared, present, values, written);
        return placed(settings);
    }

    private void take(String path, Object value) {
        values.put(path, value);
        written.add(path);
    }

    private void part(DeclaredTable table, TomlSection section) {
        for (DeclaredKey key : table.written()) {
            if (section.has(key.key())) {
                written.add(table.name() + "." + key.key());
            }
            SettingForms.read(section, key).ifPresent(value -> values.put(table.name() + "." + key.key(), value));
        }
        table.written().forEach(key -> beside(table, key, section));
        table.written().stream().filter(key -> key.required() && !section.has(key.key())).forEach(key ->
            section.problem(ProblemCode.MISSING_KEY, key.key(), "the key is missing; write " + key.key() + ": " + key.sentence()));
    }

    /** What a key must be in view of others of its table. */
    private void beside(DeclaredTable table, DeclaredKey key, TomlSection section) {
        String only = key.attribute("only");
        if (!only.isEmpty() && section.has(key.key())) {
            List<String> condition = DeclaredTable.condition(only);
            String value = String.valueOf(value(table, condition.getFirst()));
            if (!value.equals(condition.getLast())) {
                section.problem(ProblemCode.INVALID_VALUE, key.key(), "it is for " + condition.getFirst() + " = \"" + condition.getLast()
                    + "\"; write that, or remove it");
            }
        }
        String needed = key.attribute("needed");
        if (!needed.isEmpty() && value(table, needed).equals(true) && List.of().equals(value(table, key.key()))
                && (!section.has(key.key()) || values.containsKey(table.name() + "." + key.key()))) {
            section.problem(ProblemCode.MISSING_KEY, key.key(), needed + " means nothing without it; add " + key.key() + " = " + key.example()
                + ", or leave " + needed + " out");
        }
        String most = key.attribute("notAbove");
        if (!most.isEmpty()) {
            notAbove(table, key, table.find(most).orElseThrow(), section);
        }
        dualStack(table, key, section);
    }

    private void notAbove(DeclaredTable table, DeclaredKey less, DeclaredKey more, TomlSection section) {
        if (value(table, less.key()) instanceof Number least && value(table, more.key()) instanceof Number most
                && least.longValue() > most.longValue()) {
            section.problem(ProblemCode.INVALID_VALUE, section.presentOf(more.key(), less.key()), less.key() + " would be " + less.shown(least)
                + " and " + more.key() + " " + more.shown(most) + "; make the first less, or the other more");
        }
    }

    private void dualStack(DeclaredTable table, DeclaredKey key, TomlSection section) {
        if (!key.form().equals(Setting.DUAL_STACK)) {
            return;
        }
        String path = table.name() + "." + key.attribute("of");
        ListenAddress listen = values.get(path) instanceof ListenAddress its ? its
            : table.find(key.attribute("of")).flatMap(DeclaredKey::absent).flatMap(ListenAddress::parse).orElseThrow();
        boolean both = section.dualStack(Optional.of(listen.address()));
        values.put(table.name() + "." + key.key(), both);
        if (both) {
            values.put(path, listen.withDualStack(true));
        }
    }

    private Object value(DeclaredTable table, String key) {
        return Optional.ofNullable(values.get(table.name() + "." + key)).orElseGet(() -> table.find(key).orElseThrow().value());
    }

    /** Surfaces of which one would be where another is: one that the file does not name gives way. */
    private Settings placed(Settings settings) {
        List<Settings.Surface> kept = new ArrayList<>();
        Settings result = settings;
        List<Settings.Surface> surfaces = settings.surfaces().stream().sorted(Comparator.comparing(its -> !its.named())).toList();
        for (Settings.Surface surface : surfaces) {
            Optional<Settings.Surface> other = kept.stream().filter(its -> surface.listen().collides(its.listen())).findFirst();
            if (other.isPresent() && surface.named()) {
                problem(surface, other.get());
            } else if (other.isPresent()) {
                result = result.with(surface.path(), surface.listen().anyPort());
            }
            kept.add(surface);
        }
        return result;
    }

    private void problem(Settings.Surface surface, Settings.Surface other) {
        int dot = surface.path().indexOf('.');
        top.section(surface.path().substring(0, dot)).ifPresent(section -> section.problem(ProblemCode.PORT_IN_USE,
            surface.path().substring(dot + 1), "port " + surface.listen().port() + " is taken by " + other.title() + " (" + other.listen().key()
                + "); give one of them another port or another address"));
    }
}
