// SPDX-License-Identifier: Apache-2.0
/** What goes into the jars that tests deploy. */
@NullMarked
package io.portunus.deploy.felix.sample;

import org.jspecify.annotations.NullMarked;
