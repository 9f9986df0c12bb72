// SPDX-License-Identifier: Apache-2.0
/** The distribution as users run it. */
@NullMarked
package io.portunus.itest.system;

import org.jspecify.annotations.NullMarked;
