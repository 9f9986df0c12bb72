// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@code GET /}: what this is and where to look; a page for a browser, JSON for all others. It discloses nothing of the node. */
final class IndexResource implements Resource {
    private static final String WHAT = "The admin surface of a Portunus node.";
    private static final String TOKEN = "All but /, /healthz, /readyz and /metrics want the header 'Authorization: Bearer' with the token of the file"
        + " admin.token in the state directory.";

    private final Supplier<List<Claim>> all;

    IndexResource(Supplier<List<Claim>> all) {
        this.all = all;
    }

    @Override
    public String template() {
        return "/";
    }

    @Override
    public Optional<Right> right() {
        return Optional.empty();
    }

    @Override
    public Reply handle(Request request) {
        List<Claim> others = all.get().stream().filter(claim -> claim.resource() != this).toList();
        if (!request.sender().accept().toLowerCase(Locale.ROOT).contains("text/html")) {
            return Reply.of(200, JsonText.TYPE, json(others));
        }
        // Nothing is fetched and nothing runs; a link of an open resource can be followed as it is.
        return Reply.of(200, "text/html; charset=utf-8", page(others)).with("Content-Security-Policy", "default-src 'none'");
    }

    private static String json(List<Claim> others) {
        String resources = others.stream().map(claim -> "{\"method\":" + JsonText.quoted(claim.method()) + ",\"path\":"
            + JsonText.quoted(claim.template()) + ",\"open\":" + claim.open() + "}").collect(Collectors.joining(","));
        return "{\"what\":" + JsonText.quoted(WHAT) + ",\"token\":" + JsonText.quoted(TOKEN) + ",\"resources\":[" + resources + "]}";
    }

    /** Templates have no character that HTML would take for its own. */
    private static String page(List<Claim> others) {
        String rows = others.stream().map(claim -> "<li>" + claim.method() + " "
            + (claim.open() ? "<a href=\"" + claim.template() + "\">" + claim.template() + "</a>" : claim.template()))
            .collect(Collectors.joining("\n"));
        return "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Portunus</title>\n<h1>Portunus</h1>\n<p>" + WHAT + "\n<p>"
            + TOKEN + "\n<ul>\n" + rows + "\n</ul>\n</html>\n";
    }
}
