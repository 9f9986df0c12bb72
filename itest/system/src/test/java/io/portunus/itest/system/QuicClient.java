// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicClosedChannelException;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Clients of QUIC (quiche), each on a socket of its own, that trust whoever answers. */
final class QuicClient implements Closeable {
    private static final int PATIENCE_SECS = 30;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /** A connection that stands, for what is said on it later. */
    record Connection(Channel socket, QuicChannel quic) implements Closeable {
        /** What the server answers on a new stream. */
        String ask() {
            CompletableFuture<String> answer = new CompletableFuture<>();
            quic.createStream(QuicStreamType.BIDIRECTIONAL, new Answer(answer)).syncUninterruptibly().getNow()
                .writeAndFlush(Unpooled.copiedBuffer("who?", StandardCharsets.US_ASCII)).syncUninterruptibly();
            try {
                return answer.get(PATIENCE_SECS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("no answer on a stream", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            quic.close().syncUninterruptibly();
            socket.close().syncUninterruptibly();
        }
    }

    private static final class Answer extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<String> whole;

        Answer(CompletableFuture<String> whole) {
            this.whole = whole;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            whole.complete(((ByteBuf) message).toString(StandardCharsets.US_ASCII));
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            whole.completeExceptionally(new IllegalStateException("the stream has ended"));
        }
    }

    /** Asks for a name once, and gives the answer. */
    String ask(int port, String name, String... alpn) {
        try (Connection connection = connect(port, name, alpn)) {
            return connection.ask();
        }
    }

    /** Connects, asking for a name and offering protocols. */
    Connection connect(int port, String name, String... alpn) {
        Channel socket = socket(name, alpn);
        QuicChannel quic = QuicChannel.newBootstrap(socket).handler(new ChannelInboundHandlerAdapter())
            .streamHandler(new ChannelInboundHandlerAdapter()).remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)).connect()
            .syncUninterruptibly().getNow();
        return new Connection(socket, quic);
    }

    /** The error of CONNECTION_CLOSE that a server refuses a name with (RFC 9000 §20.1); -1 if it was not refused by one. */
    int refusal(int port, String name, String... alpn) {
        Channel socket = socket(name, alpn);
        try {
            Throwable failure = QuicChannel.newBootstrap(socket).handler(new ChannelInboundHandlerAdapter())
                .streamHandler(new ChannelInboundHandlerAdapter())
                .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)).connect().awaitUninterruptibly().cause();
            return failure instanceof QuicClosedChannelException closed && closed.event() != null ? closed.event().error() : -1;
        } finally {
            socket.close().syncUninterruptibly();
        }
    }

    private Channel socket(String name, String... alpn) {
        QuicSslContext context = QuicSslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE).applicationProtocols(alpn)
            .build();
        return new Bootstrap().group(group).channel(NioDatagramChannel.class)
            .handler(new QuicClientCodecBuilder().sslEngineProvider(channel -> context.newEngine(channel.alloc(), name, 443))
                .maxIdleTimeout(10, TimeUnit.SECONDS).initialMaxData(1 << 20).initialMaxStreamDataBidirectionalLocal(1 << 16).build())
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).syncUninterruptibly().channel();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
