// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.node.api.Setting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a metatype document (OSGi Compendium §105.8) declares of tables of the file. What is no table of it is passed over. Bundles are not
 * trusted with it: nothing outside the document is read, and a large one is refused. For one document.
 */
final class MetatypeReader {
    /** Lists without a bound of their own. */
    private static final int MOST = 1024;
    private static final String MILLIS = "_ms";

    private final XMLStreamReader xml;
    private final List<Open> definitions = new ArrayList<>();
    private final Map<String, String> pids = new HashMap<>();
    private String pid = "";

    /** A definition that is being read. */
    private record Open(String id, String title, String sentence, Map<String, String> attributes, List<OpenKey> keys) {
    }

    /** A setting that is being read. */
    private record OpenKey(Map<String, String> plain, Map<String, String> attributes, List<String> options) {
    }

    private MetatypeReader(XMLStreamReader xml) {
        this.xml = xml;
    }

    /**
     * Reads a document.
     *
     * @throws IOException if it is no such document
     */
    static List<DeclaredTable> read(InputStream document) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        byte[] bytes = document.readNBytes(Declarations.MAX_BYTES + 1);
        if (bytes.length > Declarations.MAX_BYTES) {
            throw new IOException("it has more than " + Declarations.MAX_BYTES + " bytes");
        }
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(bytes));
            try {
                return new MetatypeReader(xml).tables();
            } finally {
                xml.close();
            }
        } catch (XMLStreamException | IllegalArgumentException | NoSuchElementException broken) {
            throw new IOException("it is no metatype document (" + broken.getMessage() + ")", broken);
        }
    }

    private List<DeclaredTable> tables() throws XMLStreamException {
        while (xml.hasNext()) {
            if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                begin(xml.getLocalName());
            }
        }
        return definitions.stream().filter(its -> its.attributes().containsKey("table")).map(this::table).toList();
    }

    private void begin(String element) {
        switch (element) {
            case "OCD" -> definitions.add(new Open(plain("id"), plain("name"), plain("description"), ours(), new ArrayList<>()));
            case "AD" -> definitions.getLast().keys().add(new OpenKey(plain(), ours(), new ArrayList<>()));
            case "Option" -> definitions.getLast().keys().getLast().options().add(plain("value"));
            case "Designate" -> pid = plain("pid");
            case "Object" -> pids.put(plain("ocdref"), pid);
            default -> {
                // The rest does not concern the file.
            }
        }
    }

    private String plain(String name) {
        return plain().getOrDefault(name, "");
    }

    private Map<String, String> plain() {
        return attributes("");
    }

    private Map<String, String> ours() {
        return attributes(Setting.NAMESPACE);
    }

    private Map<String, String> attributes(String namespace) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            if (namespace.equals(Optional.ofNullable(xml.getAttributeNamespace(i)).orElse(""))) {
                all.put(xml.getAttributeLocalName(i), xml.getAttributeValue(i));
            }
        }
        return all;
    }

    private DeclaredTable table(Open definition) {
        Map<String, String> its = definition.attributes();
        return new DeclaredTable(its.getOrDefault("table", ""), definition.title(), pids.getOrDefault(definition.id(), definition.id()),
            "true".equals(its.get("optional")), its.getOrDefault("toggle", ""), definition.sentence(),
            definition.keys().stream().map(MetatypeReader::key).toList());
    }

    private static DeclaredKey key(OpenKey open) {
        Map<String, String> plain = open.plain();
        String type = plain.getOrDefault("type", "String");
        return new DeclaredKey(name(open), plain.getOrDefault("id", ""), type, Optional.ofNullable(plain.get("default")),
            most(plain.getOrDefault("cardinality", "0")), bound(plain.get("min"), 0),
            bound(plain.get("max"), type.equals("Long") ? Long.MAX_VALUE : Integer.MAX_VALUE), open.options(), plain.getOrDefault("description", ""),
            open.attributes());
    }

    /** The key in the file; empty for what is none. */
    private static String name(OpenKey open) {
        String form = open.attributes().getOrDefault("form", "");
        String chosen = open.attributes().getOrDefault("key", "");
        if (form.equals(Setting.NOT_WRITTEN) || !chosen.isEmpty()) {
            return chosen;
        }
        String member = open.plain().getOrDefault("id", "").replace('.', '_');
        return form.equals(Setting.TIME) && member.endsWith(MILLIS) ? member.substring(0, member.length() - MILLIS.length()) : member;
    }

    private static int most(String cardinality) {
        return Math.min(MOST, Math.abs(Integer.parseInt(cardinality)));
    }

    private static long bound(@Nullable String text, long absent) {
        return text == null || text.isEmpty() ? absent : Long.parseLong(text);
    }
}
