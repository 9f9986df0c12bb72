// SPDX-License-Identifier: Apache-2.0
/** The process: command line, configuration check, framework, signals. No bundle; knows bundles only by JDK types. */
@NullMarked
package io.portunus.launcher;

import org.jspecify.annotations.NullMarked;
