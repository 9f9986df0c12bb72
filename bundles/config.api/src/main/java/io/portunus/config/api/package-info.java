// SPDX-License-Identifier: Apache-2.0
/**
 * How a bundle gets tables of the configuration file that are more than settings of a component, as {@code [[rule]]}. Settings need none of
 * this: they are declared by annotations beside their component. A bundle offers two services: a {@link io.portunus.config.api.TableKind}, which
 * reads the tables and has neither state nor other services, and a {@link io.portunus.config.api.TableTaker}, which puts in force what was read.
 * Who owns the file reads all of it, through every kind, and only if nothing anywhere is wrong is anything taken.
 */
@NullMarked
@Export
@Version("1.0.0")
package io.portunus.config.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
