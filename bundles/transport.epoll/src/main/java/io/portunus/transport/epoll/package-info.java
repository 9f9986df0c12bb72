// SPDX-License-Identifier: Apache-2.0
/** Transport by epoll(7). Streams are confined to the loop they were accepted or connected on; the calls are made by another bundle. */
@NullMarked
package io.portunus.transport.epoll;

import org.jspecify.annotations.NullMarked;
