// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code GET /}: what this is and where to look; a page for a browser, JSON for all others. It tells nothing of the node. */
final class IndexResource implements Resource {
    private static final String WHAT = "The admin surface of a Portunus node.";
    private static final String TOKEN = "All but /, /healthz, /readyz and /metrics want the header 'Authorization: Bearer' with the token of the file"
        + " admin.token in the state directory.";

    private final List<Entry> entries;

    IndexResource(List<Resource> others) {
        entries = others.stream().map(other -> new Entry(other.method(), other.template(), other.open())).toList();
    }

    @Override
    public String template() {
        return "/";
    }

    @Override
    public boolean open() {
        return true;
    }

    @Override
    public boolean instant() {
        return true;
    }

    @Override
    public Reply handle(Request request) {
        if (!request.sender().accept().toLowerCase(Locale.ROOT).contains("text/html")) {
            return Reply.json(new IndexBody(WHAT, TOKEN, entries));
        }
        // Nothing is fetched and nothing runs; a link of an open resource can be followed as it is.
        return new Reply(200, "text/html; charset=utf-8", page(), Map.of("Content-Security-Policy", "default-src 'none'"));
    }

    private String page() {
        String rows = entries.stream().map(entry -> "<li>" + entry.method() + " "
            + (entry.open() ? "<a href=\"" + entry.path() + "\">" + entry.path() + "</a>" : entry.path())).collect(Collectors.joining("\n"));
        return "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Portunus</title>\n<h1>Portunus</h1>\n<p>" + WHAT + "\n<p>"
            + TOKEN + "\n<ul>\n" + rows + "\n</ul>\n</html>\n";
    }

    private record IndexBody(String what, String token, List<Entry> resources) {
    }

    private record Entry(String method, String path, boolean open) {
    }
}
