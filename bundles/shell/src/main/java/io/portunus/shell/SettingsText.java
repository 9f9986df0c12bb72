// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.model.Spelling;
import io.portunus.node.api.SettingsCatalog.Entry;
import java.util.List;

/** What {@code settings} prints. */
final class SettingsText {
    static final Syntax SYNTAX = Syntax.words("portunus:settings [TABLE]", 1);

    private SettingsText() {
    }

    /** All settings, or those of a table with what they mean. */
    static String render(List<Entry> settings, String... args) {
        List<String> words = SYNTAX.parse(args).words();
        if (words.isEmpty()) {
            TextTable table = new TextTable("SETTING", "CHANGED", "VALUE");
            settings.forEach(one -> table.row(one.table() + "." + one.key(), one.changed() ? "yes" : "no", one.value()));
            return table.render();
        }
        String name = words.getFirst();
        List<Entry> its = settings.stream().filter(one -> one.table().equals(name)).toList();
        if (its.isEmpty()) {
            List<String> names = settings.stream().map(Entry::table).distinct().toList();
            throw new CommandRefused("no bundle has a table [" + Printable.escape(name) + "]; "
                + Spelling.nearest(name, names).map(near -> "did you mean '" + near + "'?").orElse("there are " + String.join(", ", names)));
        }
        TextTable table = new TextTable("KEY", "VALUE", "MEANING");
        its.forEach(one -> table.row(one.key(), one.value(), one.sentence()));
        return table.render();
    }
}
