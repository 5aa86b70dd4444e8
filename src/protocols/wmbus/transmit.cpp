// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/transmit.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/mbus/crc.hpp"

#include <algorithm>

namespace smgw::wmbus {
namespace {

constexpr std::uint8_t filler = 0x2F;
constexpr std::uint8_t ci_ell = 0x8C;
constexpr std::uint8_t ci_afl = 0x90;
constexpr std::uint16_t kdf_a = 0x10;

void put_link_address(bytes& out, const identity& who) {
  put_le(out, who.manufacturer);
  put_le(out, who.id);
  out.push_back(who.version);
  out.push_back(who.type);
}

bytes header(const sender& who, std::uint16_t configuration) {
  bytes out{static_cast<std::uint8_t>(who.application ? 0x72 : 0x7A)};
  if (who.application) {
    put_le(out, who.application->id);
    put_le(out, who.application->manufacturer);
    out.push_back(who.application->version);
    out.push_back(who.application->type);
  }
  out.push_back(who.access);
  out.push_back(who.status);
  put_le(out, configuration);
  return out;
}

const identity& meter_of(const sender& who) { return who.application ? *who.application : who.link; }

// Check octets, records, fillers up to whole blocks; as many blocks as the configuration field can count.
expected<bytes> blocks_of(bytes_view records) {
  bytes out{filler, filler};
  put(out, records);
  out.resize((out.size() + 15) / 16 * 16, filler);
  if (out.size() > std::size_t{15} * 16) return fail(errc::exhausted, "more than 15 blocks");
  return out;
}

std::uint16_t block_configuration(unsigned mode, std::size_t size) {
  return static_cast<std::uint16_t>(mode << 8U | static_cast<unsigned>(size / 16) << 4U);
}

std::uint8_t authentication_type(std::size_t mac) { return mac == 16 ? 7 : mac == 12 ? 6 : 5; }

}  // namespace

protected_message plain_message(const sender& who, bytes_view records) {
  protected_message m;
  m.content = header(who, 0);
  put(m.content, records);
  return m;
}

expected<protected_message> mode5_message(const sender& who, meter_cipher& key, bytes_view records) {
  SMGW_TRY(auto data, blocks_of(records));
  const auto& meter = meter_of(who);
  bytes start;
  put_link_address(start, meter);
  block iv;
  iv.fill(who.access);
  std::copy(start.begin(), start.end(), iv.begin());
  key.use_master();
  key.cbc_encrypt(data, iv);
  protected_message m;
  m.content = header(who, block_configuration(5, data.size()));
  put(m.content, data);
  return m;
}

expected<protected_message> mode7_message(const sender& who, meter_cipher& key, std::uint32_t counter,
                                          bytes_view records, std::size_t mac_octets) {
  SMGW_TRY(auto data, blocks_of(records));
  const auto& meter = meter_of(who);
  key.derive(derived::encryption, counter, meter.id);
  key.cbc_encrypt(data, block{});
  protected_message m;
  m.content = header(who, block_configuration(7, data.size()));
  m.content.push_back(kdf_a);
  put(m.content, data);

  m.afl.emplace();
  m.afl->message_control = static_cast<std::uint8_t>(0x20U | authentication_type(mac_octets));
  m.afl->counter = counter;
  m.afl->fragmentation_control = 0x2C00;  // MCL, MCR and MAC are there
  bytes start{*m.afl->message_control};
  put_le(start, counter);
  const std::array<bytes_view, 2> parts{bytes_view{start}, bytes_view{m.content}};
  key.derive(derived::authentication, counter, meter.id);
  key.cmac(parts, m.mac_octets);
  return m;
}

expected<protected_message> mode10_message(const sender& who, meter_cipher& key, std::uint32_t counter,
                                           bytes_view records, std::size_t tag, std::size_t clear, derived which) {
  const bool good = (tag == 8 || tag == 12 || tag == 16) && clear <= records.size();
  const std::size_t secret_size = records.size() - clear;
  if (!good || (clear != 0 && secret_size > 254)) return fail(errc::malformed, "tag or clear part");
  const auto& meter = meter_of(who);
  protected_message m;
  m.content = header(who, static_cast<std::uint16_t>(10U << 8U | (clear == 0 ? 0xFFU : secret_size)));
  const auto extension = static_cast<std::uint16_t>(kdf_a | (tag / 4 - 1) << 8U);
  put_le(m.content, extension);

  // Associated data leaves the address out (detail specification 10.3).
  bytes associated{m.content[0]};
  put(associated, bytes_view{m.content}.subspan(who.application ? 9 : 1));
  bytes nonce;
  put_link_address(nonce, meter);
  nonce.push_back(0);
  put_be(nonce, counter);

  bytes data(records.begin(), records.end());
  bytes tag_octets(tag);
  const auto clear_part = bytes_view{records}.subspan(secret_size);
  const std::array<bytes_view, 2> parts{bytes_view{associated}, clear_part};
  key.derive(which, counter, meter.id);
  key.ccm_seal(std::span{data}.first(secret_size), nonce, parts, tag_octets);
  put_le(m.content, counter);
  put(m.content, data);
  put(m.content, tag_octets);
  return m;
}

namespace {

bytes afl_octets(const protected_message& m, std::uint8_t id, bool more, bool first) {
  const auto mac = bytes_view{m.mac_octets}.first(mac_size(*m.afl->message_control));
  unsigned fragmentation = id | (more ? 0x4000U : 0U);
  bytes body;
  if (first) {
    fragmentation |= 0x2800U;
    body.push_back(*m.afl->message_control);
    put_le(body, *m.afl->counter);
  }
  if (!more) {  // the MAC goes with the last fragment
    fragmentation |= 0x0400U;
    put(body, mac);
  }
  bytes out{ci_afl, static_cast<std::uint8_t>(body.size() + 2)};
  put_le(out, static_cast<std::uint16_t>(fragmentation));
  put(out, body);
  return out;
}

expected<bytes> frame_of(const sender& who, bytes_view afl, bytes_view content) {
  bytes out{0, who.control};
  put_link_address(out, who.link);
  if (who.extended_link) {
    const std::array<std::uint8_t, 3> ell{ci_ell, 0x20, who.access};
    put(out, ell);
  }
  put(out, afl);
  put(out, content);
  if (out.size() > max_frame) return fail(errc::exhausted, "frame too long");
  out[0] = static_cast<std::uint8_t>(out.size() - 1);
  return out;
}

}  // namespace

expected<std::vector<bytes>> frames_of(const sender& who, const protected_message& m, std::size_t fragment_size) {
  std::vector<bytes> frames;
  bytes_view rest = m.content;
  if (!m.afl || fragment_size == 0 || rest.size() <= fragment_size) {
    SMGW_TRY(auto frame, frame_of(who, m.afl ? afl_octets(m, 0, false, true) : bytes{}, rest));
    frames.push_back(std::move(frame));
    return frames;
  }
  for (std::uint8_t id = 1; !rest.empty(); ++id) {
    if (id == 255) return fail(errc::exhausted, "too many fragments");
    const auto n = std::min(rest.size(), fragment_size);
    const auto part = rest.first(n);
    rest = rest.subspan(n);
    SMGW_TRY(auto frame, frame_of(who, afl_octets(m, id, !rest.empty(), id == 1), part));
    frames.push_back(std::move(frame));
  }
  return frames;
}

expected<bytes> with_crc(frame_format f, bytes_view stripped) {
  bytes out;
  if (f == frame_format::stripped) return bytes(stripped.begin(), stripped.end());
  const auto run = [&out](bytes_view octets) {
    put(out, octets);
    put_be(out, mbus::crc_of(octets));
  };
  if (f == frame_format::a) {
    run(stripped.first(link_header));
    for (auto rest = stripped.subspan(link_header); !rest.empty();) {
      const auto n = std::min<std::size_t>(rest.size(), 16);
      run(rest.first(n));
      rest = rest.subspan(n);
    }
    return out;
  }
  constexpr std::size_t first_run = 126;
  const std::size_t crcs = stripped.size() > first_run ? 4 : 2;
  if (stripped.size() + crcs > max_frame) return fail(errc::exhausted, "too long for format B");
  bytes in(stripped.begin(), stripped.end());
  in[0] = static_cast<std::uint8_t>(in.size() - 1 + crcs);
  run(bytes_view{in}.first(std::min(in.size(), first_run)));
  if (in.size() > first_run) run(bytes_view{in}.subspan(first_run));
  return out;
}

}  // namespace smgw::wmbus
