// SPDX-License-Identifier: Apache-2.0
/** JMH benchmarks of the inner parts that every connection or every read passes, through the contracts only. */
package io.portunus.itest.bench;
