// SPDX-License-Identifier: Apache-2.0
/** Replaces bundles while the node forwards. What touches the framework has a deadline; every type states who may call it. */
@NullMarked
package io.portunus.deploy.felix;

import org.jspecify.annotations.NullMarked;
