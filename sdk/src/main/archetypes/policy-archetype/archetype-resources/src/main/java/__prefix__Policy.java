package ${package};

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.AdmissionRequest;
import io.portunus.flow.spi.CellKey;
import io.portunus.flow.spi.Policy;
import io.portunus.flow.spi.SharedCell;
import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * Bounds how many connections of a rule are open at once, {@code policies.${kind} = { flows = 100 }}. The count is in a cell that all versions of
 * this bundle share. Thread-safe: loops ask at the same time, and none of them may be blocked.
 */
@Component
public final class ${prefix}Policy implements Policy {
    /** The kind that rules name; {@code Portunus-Provides} in the pom declares it. */
    static final String KIND = "${kind}";
    /** What the refused are ended with, in access records and metrics. */
    static final CloseReason RULE_FULL = new CloseReason("${kind}.rule_full", CloseReason.Side.SELF,
        "The rule has as many connections as it may have.");

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public List<CloseReason> reasons() {
        return List.of(RULE_FULL);
    }

    @Override
    public Admission admit(AdmissionRequest request) {
        return request.settings(KIND).flatMap(settings -> settings.number("flows")).map(most -> place(request, most)).orElse(Admission.UNLIMITED);
    }

    private static Admission place(AdmissionRequest request, long most) {
        SharedCell cell = request.cells().hold(CellKey.of("rule", request.rule()));
        if (cell.values().incrementAndGet(0) > most) {
            leave(cell);
            return new Admission.Refused(RULE_FULL);
        }
        return new Admission.Granted(() -> leave(cell));
    }

    private static void leave(SharedCell cell) {
        cell.values().decrementAndGet(0);
        cell.release(Duration.ZERO);
    }
}
