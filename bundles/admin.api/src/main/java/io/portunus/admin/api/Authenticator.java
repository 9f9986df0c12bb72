// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.api;

import io.portunus.model.Problem;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Finds out who makes a request. Register it as a service; {@code service.ranking} is its rank. All that are there are asked, the highest
 * rank first and of equal rank the oldest, until one knows the principal or refuses; if none does, the request is refused (401). Asked for
 * each request to a resource that has a right, never for others.
 *
 * <p>Called on the request's own thread, several at once, within the deadline of the request (30 s), at whose end the thread is interrupted. Whatever
 * it throws refuses the request, is logged and lets nobody pass.
 */
@ConsumerType
public interface Authenticator {
    /** Who it is. Compares secrets in a time that does not depend on where they differ. */
    Authentication authenticate(Credentials credentials);

    /** Its challenge for the header {@code WWW-Authenticate} (RFC 9110 §11.6.1), as {@code Bearer}. Read once, when it appears. */
    String challenge();

    /** What a caller whom nobody knows has to do, a sentence for an operator. Read once, when it appears. */
    String remedy();

    /** What keeps it from doing its work; empty when nothing does. Shown by {@code /readyz}, which the node is not ready by. Answers at once. */
    default List<Problem> problems() {
        return List.of();
    }
}
