package ${package};

import io.portunus.flow.spi.PreludeSample;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Reads beginnings whose verdicts are known, before a version serves anybody. Without it the bundle is not replaced while the node forwards. */
@Component
public final class ${prefix}SelfCheck implements SelfCheck {
    /** What clients of the protocol send, and what others do; one byte a character. */
    static final List<PreludeSample> SAMPLES = List.of(
        new PreludeSample("the protocol", new Verdict.Recognised(Prelude.of(${prefix}Inspector.KIND)), "${kind} and more\r\n"),
        new PreludeSample("HTTP", ${prefix}Inspection.NO, "GET / HTTP/1.1\r\n"));

    @Override
    public List<Problem> run() {
        return PreludeSample.misread(new ${prefix}Inspector(), SAMPLES);
    }
}
