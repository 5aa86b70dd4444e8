// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "bus_station.hpp"

#include "base/octets.hpp"
#include "crypto/meter_key_pair.hpp"
#include "crypto/soft_key_store.hpp"
#include "protocols/sml/client.hpp"

#include <algorithm>

namespace smgw::sim {
namespace {

constexpr std::array<std::uint8_t, 6> import_total{1, 0, 1, 8, 0, 255};
constexpr std::array<std::uint8_t, 6> export_total{1, 0, 2, 8, 0, 255};
/// FNN basic meter: active power present, voltage on three phases (status-word table).
constexpr std::uint64_t fnn_status = 0x001C0104;
constexpr std::array<std::uint8_t, 6> unknown_object{0x81, 0x81, 0xC7, 0xC7, 0xFE, 0x0D};

std::uint32_t second_index(timestamp now) {
  return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(now - household::epoch).count());
}

struct answer_file {
  bytes payload;
  const device_id& meter;
  std::array<std::uint8_t, 10> server_id = meter.server_id();

  void add(sml::octets transaction, sml::message_body body) {
    sml::put_message(payload, {.transaction_id = transaction, .body = std::move(body)});
  }
  void add_attention(sml::octets transaction, const std::array<std::uint8_t, 6>& number) {
    add(transaction,
        sml::attention_response{.server_id = server_id, .number = sml::octets{number}, .message = {}, .details = {}});
  }
  void add_register(sml::octets transaction, sml::octets name, std::int64_t tenths, sml::moment now,
                    sml::view<sml::octets> path) {
    sml::tree_node root;
    root.name = name;
    root.value = sml::register_entry{.name = name,
                                     .status = {fnn_status, 4},
                                     .val_time = now,
                                     .unit = static_cast<std::uint8_t>(unit::watt_hour),
                                     .scaler = std::int8_t{-1},
                                     .value = sml::value::of(tenths),
                                     .signature = {}};
    sml::get_proc_parameter_response response;
    response.server_id = server_id;
    response.path = path;
    response.tree = sml::view<sml::tree_node>{std::span<const sml::tree_node>{&root, 1}};
    add(transaction, response);
  }
};

}  // namespace

bytes answer_request(const device_id& meter, const household& home, bytes_view payload, timestamp now,
                     const write_function& written) {
  answer_file out{{}, meter};
  sml::decoder decoder;
  const sml::moment sent{.kind = sml::moment::form::second_index, .seconds = second_index(now)};
  while (!payload.empty()) {
    const auto m = decoder.next(payload);
    if (!m) break;
    if (const auto* open = std::get_if<sml::open_request>(&m->body)) {
      out.add(m->transaction_id, sml::open_response{.codepage = {},
                                                    .client_id = open->client_id,
                                                    .request_file_id = open->request_file_id,
                                                    .server_id = out.server_id,
                                                    .ref_time = sent,
                                                    .sml_version = {}});
    } else if (const auto* get = std::get_if<sml::get_proc_parameter_request>(&m->body)) {
      const auto asked = get->path.empty() ? sml::octets{} : get->path.front();
      const bool import = std::ranges::equal(asked, import_total);
      if (import || std::ranges::equal(asked, export_total))
        out.add_register(m->transaction_id, asked, import ? home.energy(now) : 0, sent, get->path);
      else
        out.add_attention(m->transaction_id, unknown_object);
    } else if (const auto* set = std::get_if<sml::set_proc_parameter_request>(&m->body)) {
      out.add_attention(m->transaction_id, written && written(*set) ? sml::attention_positive.code : unknown_object);
    } else if (std::holds_alternative<sml::close_request>(m->body)) {
      out.add(m->transaction_id, sml::close_response{});
    }
  }
  bytes file;
  sml::put_file(file, out.payload);
  return file;
}

bus_station::bus_station(options o) : options_(std::move(o)), home_(options_.seed), station_(options_.id) {
  if (!options_.pairing_key.reveal().empty())
    pairable_.emplace(options_.pairing_key.clone(), options_.id.server_id(),
                      hdlc::sym::abilities{{0xC02B, 0xC023}, {0x001A, 0x0017}});
}

void bus_station::reset() {
  station_.reset();
  session_.reset();
}

bytes bus_station::feed(bytes_view in, time_point steady, timestamp now) { return act(station_.feed(in, steady), now); }
bytes bus_station::tick(time_point steady, timestamp now) { return act(station_.tick(steady), now); }

bytes bus_station::act(hdlc::station::output out, timestamp now) {
  wake_ = out.wake_at;
  if (out.lost) session_.reset();
  if (out.connected) session_.reset();
  for (const auto& datagram : out.datagrams) pair(datagram, out.transmit);
  for (const auto& information : out.received) {
    if (!session_ || session_->over()) {
      // The gateway begins: a new session for each of its hellos.
      reader_ = sml::transport_reader{};
      auto made = crypto::tls_session::create({.role = crypto::tls_role::server,
                                               .interface = crypto::tls_interface::lmn,
                                               .identity = options_.identity,
                                               .peer = options_.gateway,
                                               .cache = options_.cache,
                                               .max_fragment_length = true});
      if (!made) {
        complaint_ = made.error().what;
        return std::move(out.transmit);
      }
      session_ = std::move(*made);
      take(session_->start(now), now);
    }
    take(session_->feed(information, now), now);
  }
  return std::move(out.transmit);
}

void bus_station::pair(bytes_view datagram, bytes& transmit) {
  if (!pairable_) return;
  const auto answer = pairable_->answer(datagram);
  if (!answer) return;
  station_.answer_datagram(transmit, *answer);
  if (!pairable_->paired()) {
    options_.identity = {};
    options_.gateway = {};
    session_.reset();
    return;
  }
  if (!options_.identity.chain.empty()) return;
  auto gateway = crypto::parse_certificate(pairable_->gateway_certificate());
  if (gateway && adopt(pairable_->certificate_and_key().reveal()))
    options_.gateway.pinned = {std::move(*gateway)};
  else
    complaint_ = "what the pairing brought is no certificate, or no key";
}

bool bus_station::adopt(bytes_view both) {
  auto got = crypto::take_meter_key_pair(both);
  if (!got) return false;
  std::shared_ptr<crypto::soft_key_store> keys = crypto::soft_key_store::in_memory();
  if (!keys->import_scalar("lmn", got->public_part.on, crypto::key_purpose::lmn, got->scalar)) return false;
  options_.identity = {keys, "lmn", {std::move(got->public_part)}};
  ++certificates_;
  return true;
}

bool bus_station::written(const sml::set_proc_parameter_request& request) {
  if (request.path.empty() || !std::ranges::equal(request.path.front(), sml::meter_certificate_and_key.code))
    return false;
  for (const auto& node : request.tree)
    if (const auto* v = std::get_if<sml::value>(&node.value)) return adopt(v->data);
  return false;
}

void bus_station::take(expected<crypto::tls_output> from, timestamp now) {
  if (!from) {
    complaint_ = from.error().what;
    session_.reset();
    return;
  }
  say(from->transmit);
  if (from->failure) complaint_ = from->failure->why.what;
  if (from->handshake_done) {
    ++handshakes_;
    if (session_->summary()->resumed) ++resumed_;
  }
  bytes_view in{from->plaintext};
  while (const auto file = reader_.next(in, time_point{})) answer(file->payload, now);
  if (from->failure || from->peer_closed) session_.reset();
}

void bus_station::answer(bytes_view request, timestamp now) {
  auto records = session_->send(answer_request(
      options_.id, home_, request, now, [this](const sml::set_proc_parameter_request& r) { return written(r); }));
  if (!records) {
    complaint_ = records.error().what;
    return;
  }
  ++answers_;
  say(*records);
}

/// One record a frame.
void bus_station::say(bytes_view records) {
  while (records.size() >= 5) {
    const auto size = std::min<std::size_t>(records.size(), 5U + load_be<std::uint16_t>(&records[3]));
    longest_record_ = std::max(longest_record_, size);
    for (auto rest = records.first(size); !rest.empty();) {
      const auto part = rest.first(std::min(rest.size(), hdlc::max_information));
      station_.send(bytes(part.begin(), part.end()));
      rest = rest.subspan(part.size());
    }
    records = records.subspan(size);
  }
}

}  // namespace smgw::sim
