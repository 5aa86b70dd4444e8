// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "gwa_shell.hpp"

#include "actors/platform/files.hpp"
#include "actors/wan/management.hpp"
#include "base/octets.hpp"
#include "gwa_documents.hpp"

#include <pugixml.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <thread>

namespace smgw::sim {
namespace {

namespace fs = std::filesystem;
using management::object;

std::string read_text(const fs::path& file) {
  const auto content = platform::read_file(file);
  return content ? std::string(as_text(*content)) : std::string();
}

constexpr std::string_view commands =
    "wake HOST:PORT [tcp]           wake the gateway and wait until it has called\n"
    "ls [DEVICE]                    the logical devices, or the objects of one\n"
    "show DEVICE OBJECT             an object; a profile as its JSON\n"
    "get PATH                       the document at a path below the point of contact\n"
    "put FILE...                    profiles (JSON) and certificates (PEM) in one atomic container\n"
    "delete DEVICE [OBJECT]\n"
    "log system|calibration [COUNT]\n"
    "clock | status | self-test [later]\n"
    "post PATH [FILE]               a method; the file is its parameter\n"
    "proxy ID                       connect this proxy profile for its market participant\n"
    "commission | decommission for good\n"
    "messages [FOLDER]              what came to the service address; as files\n"
    "expect STATUS                  ends with a failure unless the last answer had this status\n"
    "gateways                       all of them, and which are connected\n"
    "use ID                         the commands from here on are for this gateway\n"
    "@ID COMMAND... | @all COMMAND...   this command is for that gateway, or for each\n"
    "await COUNT                    wait until so many gateways have called, a minute at most\n"
    "wait SECONDS | bye | quit\n";

class shell {
 public:
  shell(gwa& administrator, managed_gateway& gateway, std::ostream& out)
      : gwa_(administrator), gateway_(&gateway), own_(management::device_of(gateway.id())), out_(out) {}

  /// False: the command failed.
  bool run(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    words >> command;
    if (command.starts_with('@')) {
      std::string rest;
      std::getline(words, rest);
      return command == "@all" ? run_for_each(rest) : run_for(command.substr(1), rest);
    }
    std::vector<std::string> a;
    for (std::string word; words >> word;) a.push_back(word);
    if (command == "use" && a.size() == 1) return use(a[0]);
    if (command == "gateways") return gateways();
    if (command == "await" && a.size() == 1) return await(a[0]);
    if (command == "wake" && !a.empty()) return wake(a);
    if (command == "ls") return list(a);
    if (command == "show" && a.size() == 2) return get(object_path(a[0], a[1]));
    if (command == "get" && a.size() == 1) return get(a[0]);
    if (command == "put" && !a.empty()) return put(a);
    if (command == "delete" && !a.empty())
      return done(gateway_->ask(http::method::del, a.size() == 1 ? "/cosem/ldevs/" + a[0] : object_path(a[0], a[1])));
    if (command == "log" && !a.empty()) return log(a);
    if (command == "clock") return get(object_path(own_, {management::class_clock, management::clock_name}));
    if (command == "status") return get(data_path(object::status) + "/attributes/2");
    if (command == "self-test") return self_test(!a.empty() && a[0] == "later");
    if (command == "post" && !a.empty())
      return done(gateway_->ask(http::method::post, a[0], a.size() > 1 ? read_text(a[1]) : std::string()));
    if (command == "messages") return a.empty() ? messages() : save_messages(a[0]);
    if (command == "proxy" && a.size() == 1)
      return done(
          gateway_->ask(http::method::post, object_path(a[0] + ".sm", profile_object(object::proxy)) + "/methods/1"));
    if (command == "commission")
      return done(gateway_->ask(http::method::post, data_path(object::life_cycle) + "/methods/1"));
    if (command == "decommission" && a == std::vector<std::string>{"for", "good"})
      return done(gateway_->ask(http::method::post, data_path(object::life_cycle) + "/methods/2"));
    if (command == "help") return out_ << commands, true;
    if (command == "expect" && a.size() == 1) return expect(a[0]);
    if (command == "wait" && a.size() == 1) return wait(a[0]);
    if (command == "bye") return gateway_->hang_up(), true;
    out_ << "not a command: " << line << "; help lists them\n";
    return false;
  }

 private:
  [[nodiscard]] static std::string object_path(const std::string& device, const std::string& o) {
    return "/cosem/ldevs/" + device + "/objects/" + o;
  }
  [[nodiscard]] static std::string object_path(const std::string& device, const cosem::object_id& o) {
    return object_path(device, o.text());
  }
  [[nodiscard]] static cosem::object_id profile_object(object o) {
    return {management::class_data, management::name_of(o)};
  }
  [[nodiscard]] std::string data_path(object o) const { return object_path(own_, profile_object(o)); }

  bool use(const std::string& id) {
    const auto parsed = device_id::parse(id);
    auto* found = parsed ? gwa_.find(*parsed) : nullptr;
    if (found == nullptr) return complain({errc::denied, id + ": no such gateway; gateways lists them"});
    gateway_ = found;
    own_ = management::device_of(found->id());
    return true;
  }

  bool run_for(const std::string& id, const std::string& command) {
    const auto before = std::string(gateway_->id().text());
    return use(id) && [&] {
      const bool good = run(command);
      return use(before) && good;
    }();
  }

  /// What fails for one is still done for the others.
  bool run_for_each(const std::string& command) {
    bool all_good = true;
    for (const auto& g : gwa_.gateways()) {
      out_ << g.id().text() << ": " << std::flush;
      all_good = run_for(std::string(g.id().text()), command) && all_good;
    }
    return all_good;
  }

  bool gateways() {
    for (const auto& g : gwa_.gateways())
      out_ << g.id().text() << (g.connected() ? " connected, " : " not connected, ") << g.connections()
           << " connections so far\n";
    return true;
  }

  bool await(const std::string& count) {
    std::size_t wanted = 0;
    std::from_chars(count.data(), count.data() + count.size(), wanted);
    if (gwa_.await_gateways(wanted, std::chrono::minutes{1})) return true;
    return complain({errc::expired, std::to_string(gwa_.connected()) + " gateways have called within a minute"});
  }

  bool wake(const std::vector<std::string>& a) {
    const auto colon = a[0].rfind(':');
    std::uint16_t port = 0;
    if (colon != a[0].npos) std::from_chars(a[0].data() + colon + 1, a[0].data() + a[0].size(), port);
    if (port == 0) return complain({errc::malformed, a[0] + ": write HOST:PORT"});
    const auto packet = gateway_->wake_up_packet(wall_clock());
    if (!packet) return complain(packet.error());
    const auto sent = gwa::send_packet(*packet, a[0].substr(0, colon), port, a.size() > 1 && a[1] == "tcp");
    if (!sent) return complain(sent.error());
    if (gateway_->await_gateway(std::chrono::seconds{30})) return true;
    return complain({errc::expired, "woken, but no gateway has called within 30 s"});
  }

  bool list(const std::vector<std::string>& a) {
    return get(a.empty() ? "/cosem/ldevs/" : "/cosem/ldevs/" + a[0] + "/objects/");
  }

  bool get(const std::string& path) { return done(gateway_->ask(http::method::get, path)); }

  bool put(const std::vector<std::string>& names) {
    std::map<std::string, std::string> files;
    for (const auto& n : names) files[fs::path(n).filename().string()] = read_text(n);
    const auto container = container_of(files, gateway_->id());
    if (!container) return complain(container.error());
    return done(gateway_->ask(http::method::put, "/cosem/containers/65535-0000620a01ff", *container));
  }

  bool log(const std::vector<std::string>& a) {
    const auto name = a[0] == "calibration" ? management::calibration_log_name : management::system_log_name;
    const auto path = object_path(own_, {management::class_profile_generic, name});
    const auto last = gateway_->ask(http::method::get, path + "/attributes/7");
    if (!last || last->status != 200) return done(last);
    pugi::xml_document parsed;
    parsed.load_string(last->document.c_str());
    const auto newest = parsed.document_element().first_child().text().as_uint();
    const auto count = a.size() > 1 ? static_cast<unsigned>(std::stoul(a[1])) : 20U;
    return get(path + "/attributes/2?q.fromidx=" + std::to_string(newest > count ? newest - count + 1 : 1) +
               "&q.count=" + std::to_string(count));
  }

  bool self_test(bool later) {
    http::fields more;
    if (later) more.add("x-CID", "uuid:7d1c0f2e-9b43-4c55-8f0a-2b6f1f7c9a10");
    return done(gateway_->ask(http::method::post, data_path(object::self_test) + "/methods/1", {}, more));
  }

  bool messages() {
    for (const auto& m : gateway_->messages()) {
      out_ << m.target << (m.correlation.empty() ? "" : " " + m.correlation)
           << (m.refused.empty() ? "" : " " + m.refused) << "\n";
      if (!m.content.empty()) print_document(m.content, out_);
    }
    return true;
  }

  /// Each message as a file: `3-logs-system.xml`; what is for a participant as the CMS that it is.
  bool save_messages(const fs::path& folder) {
    std::size_t n = 0;
    for (const auto& m : gateway_->messages()) {
      auto name = m.target.substr(std::min(m.target.size(), std::size_t{1}));
      std::ranges::replace_if(name, [](char c) { return c == '/' || c == '?' || c == '.'; }, '-');
      const auto file = folder / (std::to_string(++n) + "-" + name + (m.forwarded.empty() ? ".xml" : ".cms"));
      const auto saved = write_file(file, m.forwarded.empty() ? std::string_view{m.content} : as_text(m.forwarded));
      if (!saved) return complain(saved.error());
      out_ << file.string() << "\n";
    }
    return true;
  }

  bool expect(const std::string& status) {
    if (std::to_string(last_) == status) return true;
    out_ << "expected " << status << ", the last answer was " << last_ << "\n";
    return false;
  }

  static bool wait(const std::string& seconds) {
    std::this_thread::sleep_for(std::chrono::seconds{std::stoul(seconds)});
    return true;
  }

  bool done(const expected<gateway_answer>& answer) {
    if (!answer) return complain(answer.error());
    last_ = answer->status;
    out_ << answer->status << " " << http::reason_phrase(answer->status) << "\n";
    if (!answer->document.empty()) print_document(answer->document, out_);
    return true;
  }

  bool complain(const error& e) {
    out_ << e.what << "\n";
    return false;
  }

  gwa& gwa_;
  managed_gateway* gateway_;
  std::string own_;
  std::ostream& out_;
  int last_ = 0;
};

}  // namespace

int gwa_shell(gwa& administrator, managed_gateway& gateway, std::istream& in, std::ostream& out, bool script) {
  shell s(administrator, gateway, out);
  for (std::string line; std::getline(in, line);) {
    if (const auto comment = line.find('#'); comment != line.npos) line.resize(comment);
    if (line.find_first_not_of(" \t") == line.npos) continue;
    if (line == "quit") break;
    if (script) out << "> " << line << "\n";
    const bool good = s.run(line);
    out << std::flush;
    if (!good && script) return 1;
  }
  return 0;
}

}  // namespace smgw::sim
