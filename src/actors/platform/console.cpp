// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/console.hpp"

#include "actors/ask.hpp"
#include "actors/io/streams.hpp"
#include "actors/io/wire.hpp"
#include "actors/platform/log_server.hpp"
#include "base/check.hpp"
#include "base/time_text.hpp"

#include <caf/io/all.hpp>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace smgw::platform {
namespace {

using nlohmann::ordered_json;

struct console_state {
  std::map<caf::io::connection_handle, std::string> asked;
  static inline const char* name = "console";
};
using console_pointer = caf::stateful_actor<console_state, caf::io::broker>*;

void reply(console_pointer self, caf::io::connection_handle to, const std::string& text) {
  self->state.asked.erase(to);
  if (!self->valid(to)) return;
  self->write(to, text.size(), text.data());
  self->flush(to);
  self->close(to);
}

std::string refusal(const error& e) {
  return ordered_json{{"error", std::string(to_string(e.code))}, {"text", e.what}}.dump() + "\n";
}

void show_log(console_pointer self, caf::io::connection_handle from, std::string_view words,
              const console_parts& parts) {
  const auto question = parse_log_question(words);
  if (!question) return reply(self, from, refusal(question.error()));
  serve_log(
      self, parts.store(), *question, [self, from](const std::string& json) { reply(self, from, json); },
      [self, from](const error& e) { reply(self, from, refusal(e)); });
}

void run(console_pointer self, caf::io::connection_handle from, std::string_view command, const console_parts& parts) {
  constexpr std::string_view show = "log show ";
  const auto failed = [self, from](const error& e) { reply(self, from, refusal(e)); };
  const auto answered = [self, from](const auto& a) { reply(self, from, to_json(a)); };
  if (command == "status")
    return ask(
        self, parts.status(), console_budget, query_status{}, [answered](const gateway_status& s) { answered(s); },
        failed);
  if (command == "log verify")
    return ask(
        self, parts.ledger(), console_budget, verify_logs{}, [answered](const log_verdict& v) { answered(v); }, failed);
  if (command == "self-test")
    return ask(
        self, parts.state(), console_budget, run_self_test{"the console"},
        [answered](const self_test_result& r) { answered(r); }, failed);
  if (command == "lmn scan")
    return ask(
        self, parts.scan(), console_budget, query_heard{}, [answered](const heard_list& h) { answered(h); }, failed);
  if (command.starts_with(show)) return show_log(self, from, command.substr(show.size()), parts);
  failed({errc::unsupported, "commands are: status, self-test, lmn scan, log verify, log show"});
}

caf::behavior console(console_pointer self, std::shared_ptr<io::descriptor> listener,
                      std::shared_ptr<const std::filesystem::path> path, const console_parts& parts) {
  guard(self);
  io::open_door(*self, std::move(*listener));
  self->attach_functor([path] { ::unlink(path->c_str()); });
  return {
      [self](const caf::io::new_connection_msg& m) {
        self->configure_read(m.handle, caf::io::receive_policy::at_most(max_command));
        self->state.asked[m.handle];
      },
      [self, parts](const caf::io::new_data_msg& m) {
        auto& text = self->state.asked[m.handle];
        text.append(m.buf.begin(), m.buf.end());
        const auto end = text.find('\n');
        if (end != text.npos) return run(self, m.handle, text.substr(0, end), parts);
        if (text.size() > max_command) reply(self, m.handle, refusal({errc::malformed, "a command is one short line"}));
      },
      [self](const caf::io::connection_closed_msg& m) { self->state.asked.erase(m.handle); },
      [](const caf::io::acceptor_closed_msg&) {},
  };
}

}  // namespace

expected<caf::actor> spawn_console(caf::actor_system& system, const std::filesystem::path& data_directory,
                                   console_parts parts) {
  auto path = std::make_shared<const std::filesystem::path>(data_directory / "console");
  SMGW_TRY(auto listener, io::listen_unix(path->string()));
  return caf::actor_cast<caf::actor>(system.middleman().spawn_broker(
      console, std::make_shared<io::descriptor>(std::move(listener)), std::move(path), std::move(parts)));
}

expected<std::string> ask_console(const std::filesystem::path& data_directory, std::string_view command) {
  const auto path = (data_directory / "console").string();
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.size() >= sizeof name.sun_path) return fail(errc::malformed, path + ": too long for a UNIX socket");
  std::memcpy(name.sun_path, path.data(), path.size());
  const io::descriptor fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0)
    return fail(errc::unavailable, "no gateway runs on " + data_directory.string());
  const auto line = std::string(command) + "\n";
  if (::send(fd.get(), line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size()))
    return fail(errc::unavailable, "the gateway does not take the command");
  std::string answer;
  char chunk[4096];
  for (ssize_t n = 0; (n = ::read(fd.get(), chunk, sizeof chunk)) > 0;)
    answer.append(chunk, static_cast<std::size_t>(n));
  if (answer.empty()) return fail(errc::unavailable, "the gateway gives no answer");
  return answer;
}

std::string to_json(const gateway_status& status) {
  auto all = ordered_json::object();
  for (const auto& report : status.reports) {
    auto& fields = all[report.who] = ordered_json::object();
    for (const auto& [name, value] : report.fields) std::visit([&](const auto& v) { fields[name] = v; }, value);
  }
  return all.dump(2) + "\n";
}

std::string to_json(const self_test_result& result) {
  return ordered_json{{"passed", result.passed}, {"checks", result.lines}}.dump(2) + "\n";
}

std::string to_json(const heard_list& heard) {
  auto all = ordered_json::array();
  for (const auto& m : heard.meters) {
    ordered_json faults = ordered_json::object();
    for (std::size_t i = 0; i < frame_faults; ++i)
      if (m.faults[i] != 0) faults[std::string(to_string(static_cast<frame_fault>(i)))] = m.faults[i];
    ordered_json one{{"port", m.port},
                     {"meter", m.meter},
                     {"profile", m.profile},
                     {"telegrams", m.telegrams},
                     {"accepted", m.accepted},
                     {"last", m.last ? to_iso8601(*m.last) : "never"},
                     {"state", m.last_fault ? std::string(to_string(*m.last_fault))
                               : m.last     ? "good"
                                            : "not heard"},
                     {"faults", std::move(faults)}};
    if (m.rssi_dbm) one["rssi_dbm"] = *m.rssi_dbm;
    all.push_back(std::move(one));
  }
  return ordered_json{{"heard", std::move(all)}}.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string to_json(const log_verdict& verdict) {
  return ordered_json{{"whole", verdict.whole}, {"logs", verdict.lines}}.dump(2) + "\n";
}

}  // namespace smgw::platform
