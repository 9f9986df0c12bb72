package ${package};

import io.portunus.itest.contracts.InspectorContract;

/** The tests are those that every inspector has to pass; add your own here. */
class ${prefix}InspectorTest extends InspectorContract {
    ${prefix}InspectorTest() {
        super(new ${prefix}Inspector(), new ${prefix}SelfCheck(), ${prefix}SelfCheck.SAMPLES);
    }
}
