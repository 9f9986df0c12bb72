// SPDX-License-Identifier: Apache-2.0
/** Limits the flows of each rule: bandwidth, new connections, open connections. What is counted lies in cells of the engine. */
@NullMarked
package io.portunus.flow.policy;

import org.jspecify.annotations.NullMarked;
