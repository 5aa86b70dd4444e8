// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "home.hpp"

#include "actors/platform/files.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "pki.hpp"
#include "protocols/http/md5.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <format>

namespace smgw::test {
namespace {

using nlohmann::json;

constexpr std::string_view realm = "esmg0000000001";

void write_json(const std::filesystem::path& file, const json& content) {
  REQUIRE(sim::write_file(file, content.dump(2) + "\n"));
}

}  // namespace

ran run_program(const std::vector<std::string>& command) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    std::vector<char*> words;
    for (const auto& w : command) words.push_back(const_cast<char*>(w.c_str()));
    words.push_back(nullptr);
    ::execvp(words[0], words.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  ran out;
  char piece[65536];
  for (ssize_t n = 0; (n = ::read(ends[0], piece, sizeof piece)) > 0;)
    out.output.append(piece, static_cast<std::size_t>(n));
  ::close(ends[0]);
  int state = 0;
  ::waitpid(child, &state, 0);
  out.code = WIFEXITED(state) ? WEXITSTATUS(state) : 128;
  return out;
}

home_network::home_network(house& h, const home_options& o) : house_(&h) {
  const auto gateway = h.configuration() / "gateway.json";
  auto profile = json::parse(*platform::read_file(gateway));
  json han{{"listen", std::format("127.0.0.1:{}", port_.number())},
           {"dialects", o.dialects},
           {"md5", o.md5},
           {"lenient_digest", o.lenient},
           {"connections", o.connections},
           {"mdns", o.mdns}};
  if (o.proxy) han["proxy_listen"] = std::format("127.0.0.1:{}", proxy_port_.number());
  if (o.time) han["time_listen"] = std::format("127.0.0.1:{}", time_port_.number());
  profile["han"] = std::move(han);
  write_json(gateway, profile);
}

void home_network::write_profile(const std::string& id, json content) const {
  content["profile"] = "han";
  content["version"] = 1;
  content["id"] = id;
  write_json(house_->configuration() / "han" / (id + ".json"), content);
}

void home_network::add_consumer(const std::string& user, const std::string& consumer, const std::string& password) {
  const auto text = user + ":" + std::string{realm} + ":" + password;
  REQUIRE(sim::write_file(file(user + ".ha1"), "sha256:" + to_hex(crypto::sha256(as_bytes(text))) +
                                                   "\nmd5:" + to_hex(http::md5(as_bytes(text))) + "\n"));
  write_profile(user + "-login",
                {{"role", "consumer"}, {"user", user}, {"password_file", user + ".ha1"}, {"consumer", consumer}});
  passwords_[user] = password;
}

void home_network::add_party(const std::string& id, const std::string& role, const std::string& consumer) {
  REQUIRE(sim::write_file(file(id + ".cnf"), "[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=" + id + "\n"));
  const auto made = run_program({"openssl",
                                 "req",
                                 "-x509",
                                 "-newkey",
                                 "ec",
                                 "-pkeyopt",
                                 "ec_paramgen_curve:prime256v1",
                                 "-nodes",
                                 "-sha256",
                                 "-days",
                                 "30",
                                 "-config",
                                 file(id + ".cnf"),
                                 "-keyout",
                                 file(id + ".key"),
                                 "-out",
                                 file(id + ".pem"),
                                 "-addext",
                                 "keyUsage=critical,digitalSignature",
                                 "-addext",
                                 "extendedKeyUsage=clientAuth,serverAuth"});
  REQUIRE(made.code == 0);
  json content{{"role", role}, {"certificate", id + ".pem"}};
  if (!consumer.empty()) content["consumer"] = consumer;
  write_profile(id, std::move(content));
}

std::string home_network::url(const std::string& path) const {
  return std::format("https://127.0.0.1:{}{}", port_.number(), path);
}

fetched home_network::curl(std::vector<std::string> arguments, const std::string& path) const {
  std::vector<std::string> command{"curl", "-s", "-k", "-i", "--max-time", "60", "--globoff", "--path-as-is"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  command.push_back(url(path));
  const auto out = run_program(command).output;
  fetched f;
  // The last response counts: before it come challenges and interim answers.
  std::size_t at = 0;
  for (;;) {
    const auto end = out.find("\r\n\r\n", at);
    if (end == out.npos || !out.substr(at).starts_with("HTTP/1.1 ")) break;
    f.headers = out.substr(at, end - at);
    f.status = std::stoi(f.headers.substr(9, 3));
    f.body = out.substr(end + 4);
    if (!f.body.starts_with("HTTP/1.1 ")) break;
    at = end + 4;
  }
  return f;
}

fetched home_network::get(const std::string& user, const std::string& path, std::vector<std::string> more) const {
  const auto known = passwords_.find(user);
  std::vector<std::string> all{"--digest", "-u", user + ":" + (known == passwords_.end() ? "" : known->second)};
  all.insert(all.end(), more.begin(), more.end());
  return curl(std::move(all), path);
}

fetched home_network::as_party(const std::string& id, const std::string& path, std::vector<std::string> more) const {
  std::vector<std::string> all{"--cert", file(id + ".pem"), "--key", file(id + ".key")};
  all.insert(all.end(), more.begin(), more.end());
  return curl(std::move(all), path);
}

}  // namespace smgw::test
