// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// CMS for contents that are too long for one buffer: in and out by pieces of any size, in bounded memory. The octets
/// are those of `seal`, `open`, `sign` and `verify`: DER with definite lengths.

#include "protocols/cms/enveloped_data.hpp"
#include "protocols/cms/signed_data.hpp"

#include <memory>

namespace smgw::cms {

/// Longest content that goes through here. A software image for a meter or for the gateway fits.
inline constexpr std::size_t max_streamed = std::size_t{1} << 30;

/// Where a content goes that nobody has authenticated yet. What was put is worth nothing until `commit`; if the message
/// turns out to be wrong, or never ends, `discard` comes instead. Exactly one of the two comes, and last.
class content_sink {
 public:
  virtual ~content_sink() = default;
  [[nodiscard]] virtual expected<void> put(bytes_view provisional) = 0;
  [[nodiscard]] virtual expected<void> commit() = 0;
  virtual void discard() noexcept = 0;
};

/// Makes an AuthEnvelopedData of a content whose size is known before.
class sealer {
 public:
  /// Errors of `seal`; exhausted: over max_streamed.
  [[nodiscard]] static expected<sealer> begin(std::size_t content_size, const recipient& to, const sealing& how,
                                              const key_source& keys);
  ~sealer();
  sealer(sealer&&) noexcept;
  sealer& operator=(sealer&&) noexcept;
  /// The next octets of the message; malformed: more content than was said.
  [[nodiscard]] expected<bytes> update(bytes_view content);
  /// The last octets; malformed: less content than was said.
  [[nodiscard]] expected<bytes> finish();

 private:
  struct state;
  explicit sealer(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

/// Opens an AuthEnvelopedData that comes in pieces, into a sink. Authenticated attributes come behind the content, but
/// GCM wants them before: a message of AES-GCM has to have those that `seal` makes (none, or the content type alone;
/// else unsupported, and `open` may take it). Errors are those of `open`; after one the opener is over.
class opener {
 public:
  opener(const find_own_key& find, content_sink& to, opening how = {});
  ~opener();  ///< discards, unless it is finished
  opener(const opener&) = delete;
  opener& operator=(const opener&) = delete;
  [[nodiscard]] expected<void> update(bytes_view message);
  /// Verifies the MAC, then the padding, then commits. What the content is; its octets are in the sink.
  [[nodiscard]] expected<opened> finish();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Signs a content that comes in pieces.
class signing {
 public:
  signing(content_type type, signer by);
  ~signing();
  signing(const signing&) = delete;
  signing& operator=(const signing&) = delete;
  void update(bytes_view content);
  /// The message of `sign_detached`. Once; conflict otherwise.
  [[nodiscard]] expected<bytes> detached();
  /// What stands before and behind the content in the message of `sign`. The lengths before the content count the
  /// signature, whose size differs from one to the next, so the content is signed first and sent then. Once.
  struct frame {
    bytes head, tail;
  };
  [[nodiscard]] expected<frame> enclosing();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Who signed, and what.
struct stream_verified {
  content_type type = content_type::data;
  bytes key_identifier;
  bytes certificate;
};

/// Verifies a detached signature over a content that comes in pieces.
class detached_verification {
 public:
  /// Errors of `verify_detached`, as far as they are known before the content.
  [[nodiscard]] static expected<detached_verification> begin(bytes_view message, const find_signer& find,
                                                             const verifying& how = {});
  ~detached_verification();
  detached_verification(detached_verification&&) noexcept;
  detached_verification& operator=(detached_verification&&) noexcept;
  void update(bytes_view content);
  [[nodiscard]] expected<stream_verified> finish();

 private:
  struct state;
  explicit detached_verification(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

/// Verifies a ContentInfo(SignedData) that comes in pieces; the content goes into a sink, which commits at the end.
class verification {
 public:
  verification(const find_signer& find, content_sink& to, verifying how = {});
  ~verification();  ///< discards, unless it is finished
  verification(const verification&) = delete;
  verification& operator=(const verification&) = delete;
  [[nodiscard]] expected<void> update(bytes_view message);
  [[nodiscard]] expected<stream_verified> finish();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace smgw::cms
