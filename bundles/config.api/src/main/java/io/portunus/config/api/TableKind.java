// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.api;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Reads the tables of one name that may be there many times, and keys that belong to them elsewhere in the file. A pure function: what it answers
 * follows from its arguments, so a check in front of a start, the start and a reload find the same. Offered as a service, which has to be there
 * before the file is read (start level 9 or less), else the table is unknown to the first reading. One that a check without framework has to
 * know is named in {@code META-INF/services/io.portunus.config.api.TableKind}, too, and has a public constructor without parameters. Of two with
 * one name the first counts, by their ranking. Called by one thread at a time; what it throws refuses the file.
 */
@ConsumerType
public interface TableKind {
    /** Name of the table, {@code "rule"} for {@code [[rule]]}: a letter, then letters, digits and underscores. */
    String name();

    /**
     * Every key that it reads: in its own tables, at the top of the file, and in tables that belong to others as well. Keys outside its own tables
     * are checked by who owns the file; {@link TomlSection#checkKeys} checks those within.
     */
    List<TableKey> keys();

    /**
     * Reads a whole file. Everything that is wrong is reported to the section it is in, all at once, not only the first.
     *
     * @param top the file; its syntax may be broken, and then not everything is there
     * @param before what the last file without problems said; whatever is equal in it stays the same object, so that it costs nothing later
     * @return what the tables say; of no interest if there is any problem in the file
     */
    Tables read(TomlSection top, RestOfFile rest, Optional<Tables> before);

    /**
     * Reads a file that was cut in front of each table, where only pieces that were not there before need to be read.
     *
     * @param head what is in front of the first table, without problems
     * @param pieces one for each table, in the order of the file
     * @param before what the last file without problems said
     * @return what {@link #read} would answer; empty if anything is wrong, or if that is not known, so that the whole is read
     */
    Optional<Tables> readPieces(TomlSection head, List<TomlPiece> pieces, RestOfFile rest, Optional<Tables> before);
}
