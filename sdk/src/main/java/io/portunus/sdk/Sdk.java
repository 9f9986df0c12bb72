// SPDX-License-Identifier: Apache-2.0
package io.portunus.sdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;

/** Makes the folder {@code sdk} of the distribution. Stateless. */
public final class Sdk {
    private static final List<String> ARCHETYPES = List.of("inspector-archetype", "policy-archetype");

    private Sdk() {
    }

    /**
     * Makes it anew; every file is the same whenever the same sources are built.
     *
     * @param arguments folder of this module, folder to be made, version of the project, date and time of every entry of the jars
     */
    public static void main(String[] arguments) throws IOException {
        Path module = Path.of(arguments[0]);
        Path made = Path.of(arguments[1]);
        Text text = new Text(arguments[2]);
        MavenRepository repository = new MavenRepository(made.resolve("repository"), arguments[2],
            OffsetDateTime.parse(arguments[3]).toLocalDateTime());
        Path sources = module.resolve("src/main");
        text.copy(sources.resolve("sdk"), made);
        for (ApiJar jar : ApiJar.ALL) {
            repository.pom(jar.artifact(), text.of(sources.resolve("poms/" + jar.artifact() + ".xml")));
            jar.publish(module.resolveSibling(jar.folder()), repository);
        }
        for (String archetype : ARCHETYPES) {
            Path work = Files.createTempDirectory(made, archetype);
            text.copy(sources.resolve("archetypes").resolve(archetype), work);
            repository.pom(archetype, text.of(sources.resolve("poms/archetype.xml")).replace("@archetype@", archetype));
            repository.jar(archetype, "", work);
            Folders.delete(work);
        }
    }
}
