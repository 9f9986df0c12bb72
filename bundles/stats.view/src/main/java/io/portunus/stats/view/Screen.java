// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import java.util.ArrayList;
import java.util.List;

/** Lines of a terminal, exactly as many as it has, none wider than it is. Confined to one thread. */
final class Screen {
    private final int width;
    private final int height;
    private final List<Line> lines = new ArrayList<>();

    /** How a line looks. */
    enum Look { PLAIN, TITLE, HEAD, CURSOR, WARNING }

    /** A line. */
    record Line(String text, Look look) {
    }

    Screen(int width, int height) {
        this.width = width;
        this.height = height;
    }

    int width() {
        return width;
    }

    /** Lines that have room above the last one. */
    int room() {
        return height - 1 - lines.size();
    }

    /** Adds a line if there is room. */
    void add(Look look, String text) {
        if (room() > 0) {
            lines.add(line(look, text));
        }
    }

    void add(String text) {
        add(Look.PLAIN, text);
    }

    /** The whole screen with this as its last line. */
    List<Line> with(Look look, String last) {
        List<Line> whole = new ArrayList<>(lines);
        while (whole.size() < height - 1) {
            whole.add(line(Look.PLAIN, ""));
        }
        whole.add(line(look, last));
        return whole;
    }

    private Line line(Look look, String text) {
        return new Line(look == Look.PLAIN || look == Look.WARNING ? Text.left(text, width).stripTrailing() : Text.left(text, width), look);
    }
}
