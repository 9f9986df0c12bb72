// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import io.portunus.itest.testkit.TlsBackend;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of QUIC (quiche) that answers whatever comes on a stream with its name. */
final class QuicBackend implements Closeable {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AtomicInteger streams = new AtomicInteger();
    private final Channel channel;

    /** Starts one that lets a client in with its first packet. */
    QuicBackend(Path directory, String name, String... alpn) throws IOException, GeneralSecurityException {
        this(directory, name, false, alpn);
    }

    private QuicBackend(Path directory, String name, boolean retry, String... alpn) throws IOException, GeneralSecurityException {
        QuicSslContext context = QuicSslContextBuilder.forServer(TlsBackend.keys(directory), TlsBackend.PASSWORD).applicationProtocols(alpn).build();
        channel = new Bootstrap().group(group).channel(NioDatagramChannel.class)
            .handler(new QuicServerCodecBuilder().sslContext(context).maxIdleTimeout(30, TimeUnit.SECONDS).initialMaxData(1 << 20)
                .initialMaxStreamDataBidirectionalRemote(1 << 16).initialMaxStreamsBidirectional(100).activeMigration(true)
                .tokenHandler(retry ? InsecureQuicTokenHandler.INSTANCE : null)
                .streamHandler(new Naming(name, streams)).build())
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).syncUninterruptibly().channel();
    }

    /** Starts one that has a client prove its address first, by a Retry packet. */
    static QuicBackend retrying(Path directory, String name, String... alpn) throws IOException, GeneralSecurityException {
        return new QuicBackend(directory, name, true, alpn);
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Streams that were opened to it. */
    int streams() {
        return streams.get();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Sharable
    private static final class Naming extends ChannelInboundHandlerAdapter {
        private final String name;
        private final AtomicInteger streams;

        Naming(String name, AtomicInteger streams) {
            this.name = name;
            this.streams = streams;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            streams.incrementAndGet();
            context.writeAndFlush(Unpooled.copiedBuffer(name, StandardCharsets.US_ASCII)).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        }
    }
}
