// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.LimitRow;
import io.portunus.flow.api.LimitView;
import io.portunus.flow.spi.LimitsRequest;
import io.portunus.flow.spi.Policy;
import io.portunus.model.PolicySettings;
import io.portunus.model.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What policies limit, for surfaces: what rules set and what the engine counted of it is there whoever serves; how much is used, and limits that are
 * no rule's, the serving version of each kind is asked for. Immutable, made for one answer.
 *
 * @param rules those in force
 * @param serving who serves
 * @param calls how policies are asked
 * @param counters what was counted
 * @param cells cells of each policy
 */
record LimitViews(List<Rule> rules, Serving serving, GuardedCalls calls, Counters counters, Cells cells) {
    /** Of all kinds, those that rules name without being served among them. */
    List<LimitView> all() {
        Set<String> kinds = new TreeSet<>();
        serving.policies().forEach(post -> kinds.add(post.kind()));
        rules.forEach(rule -> kinds.addAll(rule.governance().policies().keySet()));
        return kinds.stream().flatMap(this::of).toList();
    }

    private Stream<LimitView> of(String kind) {
        Post post = Post.policy(kind);
        Optional<Provider> policy = serving.of(post);
        List<Rule> named = rules.stream().filter(rule -> rule.governance().policies().containsKey(kind)).toList();
        List<LimitRow> rows = policy.map(its -> ask(its, new LimitsRequest(named, cells.of(post)))).orElse(List.of());
        List<CloseReason> reasons = policy.map(Provider::reasons).orElse(List.of());
        Map<String, LimitRow> byRule = rows.stream().filter(row -> row.scope().equals(LimitRow.RULE))
            .collect(Collectors.toMap(LimitRow::name, Function.identity(), (one, other) -> one));
        return Stream.concat(named.stream().map(rule -> ofRule(kind, rule, Optional.ofNullable(byRule.get(rule.name())), reasons)),
            rows.stream().filter(row -> !row.scope().equals(LimitRow.RULE)).limit(Policy.MOST_ROWS)
                .map(row -> new LimitView(kind, "", row.scope(), row.name(), row.set(), row.use(), row.counts())));
    }

    private LimitView ofRule(String kind, Rule rule, Optional<LimitRow> shown, List<CloseReason> reasons) {
        PolicySettings set = rule.governance().policies().getOrDefault(kind, PolicySettings.NONE);
        return new LimitView(kind, rule.idText(), LimitRow.RULE, rule.name(), set.values(),
            shown.map(LimitRow::use).orElse(Map.of()), counters.of(rule).limits(kind, reasons));
    }

    /** What is none of the contract is found where it is charged to the policy. */
    private List<LimitRow> ask(Provider policy, LimitsRequest request) {
        long most = request.rules().size() + (long) Policy.MOST_ROWS;
        return calls.call(policy, "policy " + policy.origin().post().kind() + ", limits", GuardedCalls.ASK, () -> {
            List<LimitRow> rows = new ArrayList<>();
            policy.as(Policy.class).limits(request).stream().limit(most).map(LimitViews::checked).forEach(rows::add);
            return List.copyOf(rows);
        }, List.of());
    }

    private static LimitRow checked(LimitRow row) {
        if (row.scope().isEmpty() || row.use().size() > LimitRow.MOST_NUMBERS) {
            throw new IllegalArgumentException("a row of the scope '" + row.scope() + "' with " + row.use().size() + " numbers");
        }
        return row;
    }
}
