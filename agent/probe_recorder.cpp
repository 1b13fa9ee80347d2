#include "agent/probe_recorder.hpp"

#include <algorithm>

namespace ot::agent {
namespace {

namespace link = protocols::link;

/// The address at which it answered comes first among its interfaces.
void put_address_first(Asset& asset, const link::Endpoint& target) {
  if (target.is_serial()) {
    asset.station = asset.station.empty() ? target.device : asset.station;
    return;
  }
  auto& interfaces = asset.interfaces;
  const auto own = target.address.text();
  const auto found = std::find_if(interfaces.begin(), interfaces.end(),
                                  [&own](const Interface& item) { return item.address == own; });
  if (found == interfaces.end()) {
    Interface item;
    item.address = own;
    interfaces.insert(interfaces.begin(), std::move(item));
  } else {
    std::rotate(interfaces.begin(), found, found + 1);
  }
}

/// Whether what answered is but a module of the device: its communication module,
/// when its CPU was not reached, or when another protocol speaks for the CPU.
bool is_of_part(const Answer& answer, const std::vector<Answer>& answers) {
  const auto names_cpu = [](const Answer& other) {
    return other.found && other.found->asset.hardware.category == Category::plc;
  };
  // A CPU with a port of its own answers there by its own name.
  const auto names_it = [&](const Answer& other) {
    const auto& model = answer.found->asset.hardware.model;
    return names_cpu(other) && !model.empty() && other.found->asset.hardware.model == model;
  };
  if (answer.target.is_serial() || std::any_of(answers.begin(), answers.end(), names_it) ||
      names_cpu(answer)) {
    return false;
  }
  const bool is_module = answer.found->asset.hardware.category == Category::communication;
  const bool is_whole = answer.found->whole && !answer.found->incomplete;
  return is_module && (!is_whole || std::any_of(answers.begin(), answers.end(), names_cpu));
}

store::Observation observation_of(Answer& answer, const store::Place& place) {
  store::Observation out;
  out.protocol = answer.probe->name;
  out.target = answer.target.text();
  out.place = place;
  out.at = answer.at;
  out.chassis_serial = std::move(answer.found->chassis_serial);
  out.complete = answer.found->whole && !answer.found->incomplete && answer.found->safety.empty();
  out.asked = std::move(answer.found->asked);
  out.of_part = answer.of_part;
  out.record = std::move(answer.found->asset);
  put_address_first(out.record, answer.target);
  return out;
}

}  // namespace

asio::awaitable<std::vector<Found>> Recorder::record(std::vector<Answer>& answers) {
  auto work = [this, &answers](store::Store& store) { return put(store, answers); };
  auto found = co_await store_.run(std::move(work));
  co_return found;
}

std::vector<Found> Recorder::put(store::Store& store, std::vector<Answer>& answers) {
  for (Answer& answer : answers) {
    answer.of_part = answer.found && is_of_part(answer, answers);
  }
  // The one with a serial number first: it decides which asset all of them are.
  std::stable_partition(answers.begin(), answers.end(), [](const Answer& item) {
    return item.found && !item.found->asset.serial_number.empty() && !item.of_part;
  });
  std::vector<Found> assets;
  for (Answer& answer : answers) {
    if (!answer.found || failure_) {
      continue;
    }
    const auto asset = store.observe(observation_of(answer, place_));
    if (!asset) {
      failure_ = asset.error();
      continue;
    }
    assets.push_back({answer.target.address, *asset, answer.found->incomplete.has_value()});
  }
  if (!assets.empty() && ++in_batch_ >= targets_in_batch_ && !failure_) {
    in_batch_ = 0;
    if (auto done = store.commit(); !done) {
      failure_ = done.error();
    }
  }
  if (failure_) {
    store.abandon();
    failed_ = true;
  }
  return assets;
}

Result<void> Recorder::finish() {
  const auto commit = [](store::Store& store) { return store.commit(); };
  return failure_ ? fail(*failure_) : store_.wait(commit);
}

}  // namespace ot::agent
