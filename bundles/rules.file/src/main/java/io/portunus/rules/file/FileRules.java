// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.TableTaker;
import io.portunus.config.api.Tables;
import io.portunus.config.api.Taken;
import io.portunus.config.api.Taken.Unbound;
import io.portunus.flow.api.ForwardingEngine;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.Publication;
import io.portunus.node.api.Publication.Answer;
import io.portunus.node.api.Publication.Why;
import io.portunus.node.api.RulePublisher;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The file as a source of rules: publishes what its tables hold. One call after the other. */
@Component(immediate = true)
public final class FileRules implements TableTaker {
    /** What the file is called among the sources of rules. */
    static final String SOURCE = "file";

    private final RulePublisher publisher;
    private final ForwardingEngine engine;

    /** A source for a publisher; with a new engine comes a new one. */
    @Activate
    public FileRules(@Reference RulePublisher publisher, @Reference ForwardingEngine engine) {
        this.publisher = publisher;
        this.engine = engine;
    }

    @Override
    public String kind() {
        return RuleKind.NAME;
    }

    @Override
    public Taken take(Tables tables) {
        if (!(tables instanceof RuleTables rules)) {
            return Taken.refused(List.of(Problem.of(ProblemCode.COMPONENT_MISSING, RuleKind.NAME,
                "the rules were read by another version of this bundle; they are read again at once")));
        }
        return taken(publisher.publish(SOURCE, rules.set()));
    }

    @Override
    public Taken retry(Tables tables) {
        boolean halting = !engine.unbound().isEmpty() || !engine.unserved().isEmpty();
        return halting ? take(tables) : Taken.WELL;
    }

    /** A listener that several rules share is reported once; a rule that another source is in the way of is reported, and ends no start. */
    private static Taken taken(Publication publication) {
        List<Unbound> unbound = publication.answers().stream().filter(answer -> answer.why() == Why.UNBOUND)
            .map(answer -> new Unbound(answer.listener().orElseThrow(), answer.problem())).distinct().toList();
        return new Taken(publication.refused(), unbound, publication.answers().stream().filter(answer -> answer.why() != Why.UNBOUND)
            .map(Answer::problem).toList());
    }
}
