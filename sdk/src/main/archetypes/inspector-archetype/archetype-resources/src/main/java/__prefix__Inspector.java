package ${package};

import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import org.osgi.service.component.annotations.Component;

/** Recognises the protocol by its first bytes: rules with {@code match = { kind = "${kind}" }} get its connections. Thread-safe: no state. */
@Component
public final class ${prefix}Inspector implements Inspector {
    /** The kind that rules name; {@code Portunus-Provides} in the pom declares it. */
    static final String KIND = "${kind}";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Inspection begin() {
        return new ${prefix}Inspection();
    }
}
