// SPDX-License-Identifier: Apache-2.0
/** Peers, ports and the appliance as a process, for the integration tests. */
@NullMarked
package io.portunus.itest.testkit;

import org.jspecify.annotations.NullMarked;
