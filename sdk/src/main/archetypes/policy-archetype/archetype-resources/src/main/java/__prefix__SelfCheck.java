package ${package};

import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Looks at a version of the policy before it is asked about anybody. Without it the bundle is not replaced while the node forwards. */
@Component
public final class ${prefix}SelfCheck implements SelfCheck {
    @Override
    public List<Problem> run() {
        return new ${prefix}Policy().reasons().contains(${prefix}Policy.RULE_FULL) ? List.of()
            : List.of(Problem.of(SelfCheck.FAILED, "reasons", "the reason for refusals is not listed"));
    }
}
