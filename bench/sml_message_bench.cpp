// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: a telegram of a meter, from the octets on the line to its registers, takes less than a third of the
// instructions libsml needs for parsing alone, and no allocation. Both run here, over every accepted capture of
// test/vectors/sml, in memory.
// Instructions: the same program under `valgrind --tool=callgrind`, two numbers of rounds, the difference. Beside them
// stand the peers' figures for telegrams of this kind, counted in the same way: libsml (parse and free) 35,834, sml-rs
// (transport, CRC and parse) 35,667 and (parse only) 9,740.

#include "base/hex.hpp"
#include "instructions.hpp"
#include "protocols/sml/readings.hpp"
#include "protocols/sml/transport.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <new>
#include <string>

#ifdef SMGW_HAVE_LIBSML
#include <sml/sml_file.h>
#endif

namespace {
std::size_t allocations = 0;
}
// malloc itself is counted, so that the C library's parser is, too
extern "C" void* __libc_malloc(std::size_t);
extern "C" void* __libc_calloc(std::size_t, std::size_t);
extern "C" void* __libc_realloc(void*, std::size_t);
extern "C" void* malloc(std::size_t n) {
  ++allocations;
  return __libc_malloc(n);
}
extern "C" void* calloc(std::size_t n, std::size_t size) {
  ++allocations;
  return __libc_calloc(n, size);
}
extern "C" void* realloc(void* p, std::size_t n) {
  ++allocations;
  return __libc_realloc(p, n);
}

namespace {

using namespace smgw;

std::vector<bytes> captures() {
  std::vector<bytes> all;
  std::ifstream in(SMGW_SOURCE_DIR "/test/vectors/sml/meters.jsonl");
  for (std::string line; std::getline(in, line);) {
    const auto row = nlohmann::json::parse(line);
    // without the one capture libsml cannot read (a list type)
    if (row["expected"]["verdict"] == "accept" && row["expected"]["libsml_1_1_2"]["same_as_expected"] == true)
      all.push_back(*from_hex(row["frame_hex"].get<std::string>()));
  }
  return all;
}

struct job {
  const char* name;
  const char* text;
  std::function<std::size_t(const std::vector<bytes>&)> round;  // one pass; gives what it read, so that it stays
};

sml::transport_reader reader;
sml::decoder messages;
std::vector<sml::register_value> registers;

std::size_t decode(bytes_view payload, bool with_registers) {
  std::size_t read = 0;
  const sml::quirks allowed;
  sml::quirk_counts used;
  while (!payload.empty()) {
    const auto m = messages.next(payload);
    if (!m) std::abort();
    ++read;
    const auto* list = std::get_if<sml::get_list_response>(&m->body);
    if (list == nullptr) continue;
    read += list->values.size();
    if (!with_registers) continue;
    registers.clear();
    append_registers(*list, allowed, used, registers);
  }
  return read;
}

std::size_t whole_way(const std::vector<bytes>& all, bool with_registers) {
  std::size_t read = 0;
  for (const auto& telegram : all) {
    bytes_view in = telegram;
    while (const auto file = reader.next(in, {})) read += decode(file->payload, with_registers);
  }
  return read;
}

std::vector<job> jobs() {
  std::vector<job> all;
  all.push_back(
      {"registers", "smgw: transport, both CRC, parse, registers", [](const auto& c) { return whole_way(c, true); }});
  all.push_back({"line", "smgw: transport, both CRC, parse", [](const auto& c) { return whole_way(c, false); }});
  all.push_back({"parse", "smgw: CRC of messages, parse", [](const auto& c) {
                   std::size_t read = 0;
                   for (const auto& t : c) {
                     const std::size_t padding = t[t.size() - 3];
                     read += decode(bytes_view{t}.subspan(8, t.size() - 16 - padding), false);
                   }
                   return read;
                 }});
#ifdef SMGW_HAVE_LIBSML
  all.push_back({"libsml", "libsml: parse and free", [](const auto& c) {
                   std::size_t read = 0;
                   for (const auto& t : c) {
                     auto* file = sml_file_parse(const_cast<unsigned char*>(t.data()) + 8, t.size() - 16);
                     read += static_cast<std::size_t>(file->messages_len);
                     sml_file_free(file);
                   }
                   return read;
                 }});
#endif
  return all;
}

struct measured {
  double per_second;
  double allocations;
};

measured measure(const job& j, const std::vector<bytes>& all) {
  using clock = std::chrono::steady_clock;
  std::size_t sink = j.round(all);
  const auto before = allocations;
  sink += j.round(all);
  const auto made = static_cast<double>(allocations - before);
  std::size_t rounds = 0;
  const auto from = clock::now();
  while (clock::now() - from < std::chrono::seconds{1}) {
    for (int i = 0; i < 20; ++i) sink += j.round(all);
    rounds += 20;
  }
  const std::chrono::duration<double> took = clock::now() - from;
  if (sink == 0) std::abort();
  const auto telegrams = static_cast<double>(all.size());
  return {static_cast<double>(rounds) * telegrams / took.count(), made / telegrams};
}

struct peer {
  const char* name;
  std::size_t against;  // which of our jobs does at least as much
  double instructions;
};
constexpr peer peers[] = {{"libsml, parse and free", 0, 35'834},
                          {"sml-rs, transport, CRC and parse", 1, 35'667},
                          {"sml-rs, parse only", 2, 9'740}};
constexpr double most_instructions = 10'000;  // of the whole way

void compare(const std::vector<job>& jobs, const std::vector<double>& work) {
  for (const auto& p : peers)
    std::printf("%s: %.0f instructions, %.1f times those of \"%s\"\n", p.name, p.instructions,
                p.instructions / work[p.against], jobs[p.against].text);
  std::printf("the whole way takes at most %.0f instructions: %s\n", most_instructions,
              work[0] <= most_instructions ? "kept" : "NOT KEPT");
}

}  // namespace

int main(int argc, char** argv) {
  const auto all = captures();
  const auto todo = jobs();
  if (argc == 4 && std::string{argv[1]} == "--work") {
    std::size_t sink = 0;
    for (const auto& j : todo)
      if (argv[2] == std::string{j.name})
        for (int i = std::atoi(argv[3]); i > 0; --i) sink += j.round(all);
    return sink == 0 ? 1 : 0;
  }
  std::size_t octets = 0;
  for (const auto& t : all) octets += t.size();
  const auto telegrams = all.size();
  std::printf("%zu captures, %zu octets each on average; one core\n", telegrams, octets / telegrams);
  std::printf("%-46s %12s %8s %12s %12s\n", "", "telegrams/s", "MB/s", "allocations", "instructions");
  std::vector<double> speed;
  std::vector<double> work;
  for (const auto& j : todo) {
    const auto m = measure(j, all);
    speed.push_back(m.per_second);
    work.push_back(instructions_of_round(argv[0], j.name) / static_cast<double>(telegrams));
    std::printf("%-46s %12.0f %8.0f %12.1f %12.0f\n", j.text, m.per_second,
                m.per_second * static_cast<double>(octets) / static_cast<double>(telegrams) / 1e6, m.allocations,
                work.back());
  }
  if (todo.size() == 4)
    std::printf("the whole way to registers is %.1f times as fast as libsml's parsing, with %.2f of its instructions\n",
                speed[0] / speed[3], work[3] > 0 ? work[0] / work[3] : 0.0);
  if (work[0] > 0) compare(todo, work);
  std::printf("instructions: valgrind --tool=callgrind %s --work JOB N, the difference of N = 12 and N = 2\n", argv[0]);
  return 0;
}
