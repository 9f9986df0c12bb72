// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

/**
 * What is wrong, for programs and for the reference: the code of a {@link Problem}, and one sentence that states what it stands for wherever it
 * is raised. Two with the same code are equal. Immutable.
 *
 * <p>The constants here are those that any part may raise. Codes of one matter stand beside its owner: those of rules in {@link RuleCode}, those
 * of a contract in the contract, and those of one bundle in that bundle. A bundle of one's own has its codes as constants of this type, begins
 * them with a name and a dot, as in {@code "acme.quota_full"}, and gives them to its problems; every surface shows them as they are.
 */
public final class ProblemCode {
    /** The file is not TOML. */
    public static final ProblemCode SYNTAX = new ProblemCode("syntax", "The file is not valid TOML.");
    /** A key that does not exist. */
    public static final ProblemCode UNKNOWN_KEY = new ProblemCode("unknown_key", "There is no such key.");
    /** A key that must be there is not. */
    public static final ProblemCode MISSING_KEY = new ProblemCode("missing_key", "A required key is missing.");
    /** Two keys that exclude each other. */
    public static final ProblemCode CONFLICTING_KEYS = new ProblemCode("conflicting_keys", "Exactly one of these keys may be given.");
    /** A value of the wrong type. */
    public static final ProblemCode WRONG_TYPE = new ProblemCode("wrong_type", "The value has the wrong type.");
    /** A value outside its range or set. */
    public static final ProblemCode INVALID_VALUE = new ProblemCode("invalid_value", "The value is outside what is allowed.");
    /** The same port twice. */
    public static final ProblemCode PORT_IN_USE = new ProblemCode("port_in_use",
        "Another rule, the admin surface or another process has the port.");
    /** The system refused the port. */
    public static final ProblemCode PERMISSION_DENIED = new ProblemCode("permission_denied", "The system does not let this process bind the port.");
    /** The address cannot be bound. */
    public static final ProblemCode BIND_FAILED = new ProblemCode("bind_failed", "The address could not be bound.");
    /** A part of the appliance is not there. */
    public static final ProblemCode COMPONENT_MISSING = new ProblemCode("component_missing", "A part that is needed is not running.");
    /** A component does not run. */
    public static final ProblemCode COMPONENT_FAILED = new ProblemCode("component_failed",
        "A component failed when it was made, as one does that refuses its configuration.");
    /** Nobody recognises what a rule requires. */
    public static final ProblemCode NO_HANDLER = new ProblemCode("no_handler",
        "Nobody who runs recognises the protocol that the rule wants, or does what it asks for; the rule takes nothing.");
    /** Another change is under way. */
    public static final ProblemCode BUSY = new ProblemCode("busy", "Another change is under way.");
    /** There is nothing of that name. */
    public static final ProblemCode NOT_FOUND = new ProblemCode("not_found", "There is nothing of that name.");
    /** The file cannot be read. */
    public static final ProblemCode IO_ERROR = new ProblemCode("io_error", "A file could not be read or written.");

    private final String code;
    private final String sentence;

    /**
     * Defines a code.
     *
     * @param code as operators and programs see it, in the form of {@link CodeForm#code}
     * @param sentence one sentence for the reference, in the form of {@link CodeForm#sentence}
     * @throws IllegalArgumentException if one of them has another form
     */
    public ProblemCode(String code, String sentence) {
        this.code = CodeForm.code(code);
        this.sentence = CodeForm.sentence(sentence);
    }

    /** The code as operators and programs see it. */
    public String code() {
        return code;
    }

    /** One sentence for the reference. */
    public String sentence() {
        return sentence;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof ProblemCode that && code.equals(that.code);
    }

    @Override
    public int hashCode() {
        return code.hashCode();
    }

    @Override
    public String toString() {
        return code;
    }
}
