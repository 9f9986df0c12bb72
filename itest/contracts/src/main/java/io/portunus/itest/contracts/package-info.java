// SPDX-License-Identifier: Apache-2.0
/** Contracts as tests: abstract classes that the tests of each implementation extend. */
@NullMarked
package io.portunus.itest.contracts;

import org.jspecify.annotations.NullMarked;
