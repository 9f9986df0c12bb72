// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import io.portunus.linux.api.DatagramLibc;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** {@link DatagramLibc} by java.lang.foreign; what {@link Ffm} states holds for it too. */
class DatagramFfm extends Ffm implements DatagramLibc {
    private static final MethodHandle RECVMMSG =
        link("recvmmsg", FunctionDescriptor.of(INT, INT, POINTER, INT, INT, POINTER));
    private static final MethodHandle SENDMMSG =
        link("sendmmsg", FunctionDescriptor.of(INT, INT, POINTER, INT, INT));

    @Override
    public int recvmmsg(int sockfd, long msgvec, int vlen, int flags, long timeout) {
        try {
            return (int) RECVMMSG.invokeExact(captured, sockfd, msgvec, vlen, flags, timeout);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    @Override
    public int sendmmsg(int sockfd, long msgvec, int vlen, int flags) {
        try {
            return (int) SENDMMSG.invokeExact(captured, sockfd, msgvec, vlen, flags);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }
}
