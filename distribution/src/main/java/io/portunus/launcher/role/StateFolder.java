// SPDX-License-Identifier: Apache-2.0
package io.portunus.launcher.role;

import java.util.List;

/**
 * What a role keeps when its process ends. The launcher's own files are there besides. Immutable.
 *
 * @param name of the folder, where neither the command line nor the environment name another
 * @param files files of it that are read and believed, so that nobody else may have written them; each may be absent
 * @param folders folders of it of the same kind
 */
public record StateFolder(String name, List<String> files, List<String> folders) {
    /** Copies the lists. */
    public StateFolder {
        files = List.copyOf(files);
        folders = List.copyOf(folders);
    }
}
