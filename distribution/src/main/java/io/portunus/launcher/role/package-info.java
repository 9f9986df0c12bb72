// SPDX-License-Identifier: Apache-2.0
/** What a process is for: the records that a role is made of, and the roles there are. It knows nothing of the launcher. */
@NullMarked
package io.portunus.launcher.role;

import org.jspecify.annotations.NullMarked;
