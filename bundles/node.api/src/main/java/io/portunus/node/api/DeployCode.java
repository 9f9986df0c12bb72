// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import io.portunus.model.ProblemCode;

/** Codes of the problems for which a {@link Deployment} is not done, or is taken back, beside those that any part may raise. Stateless. */
public final class DeployCode {
    /** The jar is not a bundle that can be read. */
    public static final ProblemCode BUNDLE_UNREADABLE = new ProblemCode("bundle_unreadable", "The file is not a complete bundle.");
    /** What the bundle needs is not there. */
    public static final ProblemCode BUNDLE_UNRESOLVED = new ProblemCode("bundle_unresolved", "The bundle needs something that is not there.");
    /** The bundle is not signed as required. */
    public static final ProblemCode BUNDLE_UNSIGNED = new ProblemCode("bundle_unsigned", "The bundle is not signed by anybody who is trusted.");
    /** The bundle exports packages. */
    public static final ProblemCode BUNDLE_EXPORTS = new ProblemCode("bundle_exports",
        "A bundle that exports packages cannot be replaced while the node forwards.");
    /** The bundle can only be replaced at a restart. */
    public static final ProblemCode NEEDS_RESTART = new ProblemCode("needs_restart", "The bundle can be replaced at the next restart only.");
    /** The version is not newer than the one that serves. */
    public static final ProblemCode NOT_NEWER = new ProblemCode("not_newer", "The version is not newer than the one that serves.");
    /** Too many versions of the bundle are there. */
    public static final ProblemCode TOO_MANY_VERSIONS = new ProblemCode("too_many_versions",
        "As many versions of the bundle as may be are there; some still carry flows.");
    /** The bundle does not start. */
    public static final ProblemCode START_FAILED = new ProblemCode("start_failed", "The bundle does not start.");
    /** The bundle was taken back while it was watched. */
    public static final ProblemCode BAKE_FAILED = new ProblemCode("bake_failed", "The bundle misbehaved while it was watched, and was taken back.");
    /** A defect, of ours or of a bundle's, where none is expected. */
    public static final ProblemCode CHANGE_FAILED = new ProblemCode("change_failed", "A change of a bundle failed by a defect, and was taken back.");
    /** The process ended while the jar was tried. */
    public static final ProblemCode ENDED_PROCESS = new ProblemCode("ended_process", "The process ended while the jar was tried.");
    /** What was deployed was left out at the start. */
    public static final ProblemCode LEFT_OUT = new ProblemCode("left_out", "What was deployed was left out at the start.");
    /** The file may be somebody else's. */
    public static final ProblemCode UNTRUSTED = new ProblemCode("untrusted",
        "A file or folder belongs to another user, or others may write to it.");
    /** What the bundle declares belongs to another bundle. */
    public static final ProblemCode KIND_TAKEN = new ProblemCode("kind_taken", "Another bundle owns what the bundle declares.");
    /** The bundle offers what its manifest does not declare. */
    public static final ProblemCode KIND_UNDECLARED = new ProblemCode("kind_undeclared", "The bundle offers what its manifest does not declare.");
    /** The bundle imports whatever it may need later. */
    public static final ProblemCode DYNAMIC_IMPORTS = new ProblemCode("dynamic_imports",
        "The bundle imports packages dynamically, so that nobody knows what it needs.");
    /** Rules in force need what would go. */
    public static final ProblemCode NEEDED_BY_RULES = new ProblemCode("needed_by_rules", "Rules in force need what the bundle offers.");
    /** The version does not drain. */
    public static final ProblemCode NOT_DRAINING = new ProblemCode("not_draining", "The version does not drain: new flows still get it.");
    /** There is no version before. */
    public static final ProblemCode NOTHING_TO_ROLL_BACK = new ProblemCode("nothing_to_roll_back", "There is no version before this one.");

    private DeployCode() {
    }
}
