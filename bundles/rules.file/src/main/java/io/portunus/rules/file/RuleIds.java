// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Rule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.codec.digest.Blake3;

/** Names that follow from content: the id of a rule from its name, the revision of a rule set from its rules. */
final class RuleIds {
    /** Bytes of SHA-256 that make a revision: 16 hexadecimal digits. */
    private static final int REVISION_BYTES = 8;

    private RuleIds() {
    }

    /** The first eight bytes, little-endian, of the BLAKE3 hash of the name in UTF-8. */
    static long id(String name) {
        return ByteBuffer.wrap(Blake3.hash(name.getBytes(StandardCharsets.UTF_8))).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** Hexadecimal digits of the SHA-256 hash of everything the rules say, in their order. */
    static String revision(List<Rule> rules) {
        MessageDigest digest = sha256();
        for (Rule rule : rules) {
            add(digest, rule.name());
            add(digest, rule.description());
            add(digest, Boolean.toString(rule.enabled()));
            add(digest, rule.bind().map(a -> a.getHostAddress()).orElse(""));
            add(digest, rule.listen().toString());
            add(digest, rule.match().kind().orElse(""));
            add(digest, rule.sni().map(p -> p.toString()).orElse(""));
            add(digest, rule.target().toString());
            add(digest, Boolean.toString(rule.preferIpv6()));
            add(digest, rule.drain().toString());
        }
        return HexFormat.of().formatHex(digest.digest(), 0, REVISION_BYTES);
    }

    private static void add(MessageDigest digest, String field) {
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        // The length in front keeps two fields from being read as other two with the same bytes.
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
