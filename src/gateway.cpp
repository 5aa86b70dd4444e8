// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/assembly.hpp"
#include "actors/platform/console.hpp"
#include "actors/platform/updater.hpp"
#include "base/check.hpp"

#include <smgw/gateway.hpp>
#include <smgw/linux_ports.hpp>

#include <caf/io/middleman.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>

// The version is written once, as numbers; this makes text of them.
#define SMGW_TEXT_(x) #x
#define SMGW_TEXT(x) SMGW_TEXT_(x)

namespace smgw {
namespace {

/// Scheduler as measured: with `sharing` an idle process sleeps; work stealing wakes it hundreds of times a second.
struct actor_configuration : caf::actor_system_config {
  actor_configuration() {
    load<caf::io::middleman>();
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2);
    set("middleman.workers", std::size_t{0});
    set("logger.verbosity", caf::atom("quiet"));
  }
};

constexpr std::chrono::seconds status_budget{10};
/// A store that has to be recovered or migrated takes its time.
constexpr std::chrono::minutes start_budget{2};

/// What actors tell the object around them. Shared: the root's last word may come when the object is gone already.
struct news {
  std::mutex guard;
  std::condition_variable changed;
  bool failed = false;
  bool released = false;
  std::string store_trouble;  ///< why the store did not open the last time
};

/// The store's opening, which remembers why it failed.
open_store_function remembering(open_store_function open, std::shared_ptr<news> heard) {
  return [open = std::move(open), heard = std::move(heard)] {
    auto opened = open();
    const std::scoped_lock lock(heard->guard);
    heard->store_trouble = opened ? std::string{} : opened.error().what;
    return opened;
  };
}

}  // namespace

struct gateway::impl {
  actor_configuration config;
  caf::actor_system system{config};
  std::shared_ptr<board> handles = std::make_shared<board>();
  caf::actor root;
  caf::actor console;
  std::stop_source leaving;
  std::shared_ptr<news> heard = std::make_shared<news>();
  clock_function now;
  std::shared_ptr<ports::watchdog> watchdog;
  std::shared_ptr<line_pumps> pumps;

  ~impl() { stop(); }

  void stop() {
    if (console) caf::anon_send_exit(console, caf::exit_reason::user_shutdown);
    console = nullptr;
    if (!root) return;
    record(ledger::event::stopped, "the gateway stops");
    leaving.request_stop();
    caf::scoped_actor self{system};
    self->monitor(root);
    self->send_exit(root, caf::exit_reason::user_shutdown);
    self->receive([](const caf::down_msg&) {});
    root = nullptr;
    handles->clear();
    pumps->stop();
    if (watchdog) watchdog->disarm();  // last: a stop that hangs is a reason to start anew
  }

  /// Waits until the record is on disk, or the ledger has said why not.
  void record(ledger::event what, std::string text) {
    const auto ledger = handles->get<ledger_actor>("ledger");
    if (!ledger) return;
    caf::scoped_actor self{system};
    self->request(ledger, status_budget,
                  record_event{ledger::make(what, ledger::outcome::success, now(), std::move(text)), {}, nullptr})
        .receive([](const event_recorded&) {}, [](const caf::error&) {});
  }

  /// STATUS starts last; once the STORE answers too, readings will not be lost. A port that is still connecting is no
  /// reason to wait: it says so itself.
  [[nodiscard]] expected<void> come_up() {
    if (handles->await("status", start_budget)) {
      bool up = false;
      caf::scoped_actor self{system};
      self->request(handles->get<store_actor>("store"), start_budget, query_status{})
          .receive([&](const status_report&) { up = true; }, [](const caf::error&) {});
      if (up) return {};
    }
    // That STATUS or another actor died is a consequence: people need the cause.
    const std::scoped_lock lock(heard->guard);
    if (!heard->store_trouble.empty()) return fail(errc::unavailable, heard->store_trouble);
    return fail(errc::unavailable, "the gateway does not come up; the lines above say why");
  }
};

gateway::gateway(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
gateway::gateway(gateway&&) noexcept = default;
gateway& gateway::operator=(gateway&&) noexcept = default;
gateway::~gateway() = default;

expected<gateway> gateway::start(gateway_options options) {
  auto announce = options.announce ? options.announce : [](std::string_view, std::string_view) {};
  if (!options.ports.watchdog)
    if (auto service = linux_ports::service_watchdog()) options.ports.watchdog = std::move(*service);
  SMGW_TRY(auto parts, platform::assemble(options.configuration, std::move(announce), std::move(options.ports)));
  auto state = std::make_unique<impl>();
  const std::filesystem::path data = parts.profiles.self.data_directory;
  const auto id = std::string(parts.profiles.self.id.text());
  parts.open_store = remembering(std::move(parts.open_store), state->heard);
  state->leaving = parts.leaving;
  state->now = parts.now;
  state->watchdog = parts.ports.watchdog;
  state->pumps = parts.pumps;
  state->root = spawn_root(state->system, state->handles, std::move(parts));
  state->root->attach_functor([handles = state->handles, heard = state->heard] {
    handles->close();
    const std::scoped_lock lock(heard->guard);
    heard->failed = true;
    heard->changed.notify_all();
  });
  SMGW_CHECK(state->come_up());
  state->record(ledger::event::started, "gateway " + id + " started");
  auto console = platform::spawn_console(state->system, data,
                                         {[h = state->handles] { return h->get<status_actor>("status"); },
                                          [h = state->handles] { return h->get<ledger_actor>("ledger"); },
                                          [h = state->handles] { return h->get<store_actor>("store"); },
                                          [h = state->handles] { return h->get<state_actor>("state"); },
                                          [h = state->handles] { return h->get<scan_actor>("scan"); }});
  if (!console) return std::unexpected(console.error());
  state->console = std::move(*console);
  return gateway(std::move(state));
}

expected<std::string> gateway::status() const {
  const auto actor = impl_->handles->get<status_actor>("status");
  if (!actor) return fail(errc::unavailable, "the gateway is not up");
  caf::scoped_actor self{impl_->system};
  expected<std::string> text = fail(errc::unavailable, "no answer");
  self->request(actor, status_budget, query_status{})
      .receive([&](const gateway_status& s) { text = platform::to_json(s); },
               [&](const caf::error& e) { text = std::unexpected(from_caf(e)); });
  return text;
}

bool gateway::failed() const noexcept {
  const std::scoped_lock lock(impl_->heard->guard);
  return impl_->heard->failed;
}

namespace {

/// Asks UPDATE from outside the tree.
template <class Reply, class Request>
expected<Reply> ask_updater(caf::actor_system& system, const board& handles, Request request) {
  const auto actor = handles.get<updater_actor>("update");
  if (!actor) return fail(errc::unsupported, "this gateway has no update slot");
  caf::scoped_actor self{system};
  expected<Reply> got = fail(errc::unavailable, "no answer");
  self->request(actor, staging_budget, std::move(request))
      .receive([&](const Reply& r) { got = r; }, [&](const caf::error& e) { got = std::unexpected(from_caf(e)); });
  return got;
}

}  // namespace

expected<ports::firmware_state> gateway::firmware() const {
  return ask_updater<ports::firmware_state>(impl_->system, *impl_->handles, inspect_firmware{});
}

expected<std::string> gateway::stage_firmware(std::uint64_t size, std::function<expected<bytes>()> next) {
  if (!next) return fail(errc::malformed, "stage_firmware: nothing to read the image from");
  return ask_updater<firmware_staged>(impl_->system, *impl_->handles, smgw::stage_firmware{size, std::move(next)})
      .transform([](firmware_staged s) { return std::move(s.version); });
}

expected<void> gateway::activate_firmware() {
  return ask_updater<firmware_activated>(impl_->system, *impl_->handles, smgw::activate_firmware{})
      .transform([](firmware_activated) {});
}

std::string_view version() noexcept {
  return SMGW_TEXT(SMGW_VERSION_MAJOR) "." SMGW_TEXT(SMGW_VERSION_MINOR) "." SMGW_TEXT(SMGW_VERSION_PATCH);
}

void gateway::wait() const {
  std::unique_lock lock(impl_->heard->guard);
  impl_->heard->changed.wait(lock, [this] { return impl_->heard->failed || impl_->heard->released; });
}

void gateway::stop_waiting() noexcept {
  const std::scoped_lock lock(impl_->heard->guard);
  impl_->heard->released = true;
  impl_->heard->changed.notify_all();
}

}  // namespace smgw
