// SPDX-License-Identifier: Apache-2.0
/** Tests that run as a bundle among ours, and see them through their services only. */
@NullMarked
package io.portunus.itest.framework;

import org.jspecify.annotations.NullMarked;
