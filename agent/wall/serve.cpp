#include "agent/wall/serve.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <new>

#include <sys/socket.h>
#include <unistd.h>

#include "agent/input_file.hpp"
#include "agent/wall/child_process.hpp"
#include "agent/wall/confine.hpp"
#include "agent/wall/error_fields.hpp"
#include "base/number.hpp"

namespace ot::agent::wall {
namespace {

constexpr int kArguments = 5;
constexpr int kDone = 0;
constexpr int kFailed = 1;

std::optional<Bounds> bounds_from(int argc, const char* const* argv) {
  if (argc != kArguments) {
    return std::nullopt;
  }
  const auto word = std::find(kStrengthWords.begin(), kStrengthWords.end(), argv[2]);
  const auto memory = whole_number<std::uint64_t>(argv[3]);
  const auto cpu = whole_number<std::uint32_t>(argv[4]);
  if (word == kStrengthWords.end() || !memory || !cpu) {
    return std::nullopt;
  }
  return Bounds{.strength = static_cast<Strength>(word - kStrengthWords.begin()),
                .memory = *memory,
                .cpu = std::chrono::seconds(*cpu)};
}

/// What the C library would open at the first use: behind the wall it can't. Times in files are not
/// turned to local ones there.
void prepare(std::span<const Task> tasks) {
  ::setenv("TZ", "UTC0", 1);
  ::tzset();
  for (const auto& task : tasks) {
    if (task.prepare != nullptr) {
      task.prepare();
    }
  }
}

Error no_memory() {
  return Error(Errc::too_large, "reading it takes more memory than it may have")
      .hint("`memory` under [parsers] allows more");
}

Result<void> run(const Task& task, const Request& request, int file, Reply& reply) try {
  const auto input = InputFile::received(file, request.size);
  return task.run(request, input, reply);
} catch (const std::bad_alloc&) {
  return fail(no_memory());
} catch (const std::exception& exception) {
  return fail(Errc::malformed, std::string("reading it failed: ") + exception.what());
}

Result<void> run_named(std::span<const Task> tasks, const ReceivedRequest& received, Reply& reply) {
  const auto& request = received.request;
  const auto found = std::find_if(tasks.begin(), tasks.end(), [&request](const Task& task) {
    return task.name == request.task;
  });
  if (found == tasks.end()) {
    ::close(received.file);
    return fail(Errc::unsupported, "no task is called " + request.task);
  }
  return run(*found, request, received.file, reply);
}

Result<void> tell(const Result<void>& outcome) {
  if (outcome) {
    return send_frame(kChannel, FrameKind::end, {});
  }
  auto error = packed_error(outcome.error());
  if (error.size() > FrameHead::kMost) {
    error = packed_error(Error(outcome.error().code(), "reading it failed, at great length"));
  }
  return send_frame(kChannel, FrameKind::failure, error);
}

}  // namespace

void Reply::put(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto room = FrameHead::kMost - buffer_.size();
    const auto piece = bytes.substr(0, room);
    buffer_ += piece;
    bytes.remove_prefix(piece.size());
    if (buffer_.size() == FrameHead::kMost) {
      flush();
    }
  }
}

void Reply::flush() {
  if (!buffer_.empty() && !send_frame(kChannel, FrameKind::data, buffer_)) {
    ::_exit(kFailed);
  }
  buffer_.clear();
}

bool is_child(int argc, const char* const* argv) {
  int type = 0;
  socklen_t size = sizeof type;
  return argc >= 2 && argv[1] == kChildWord &&
         ::getsockopt(kChannel, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
}

int serve(int argc, const char* const* argv, std::span<const Task> tasks) {
  const auto bounds = bounds_from(argc, argv);
  if (!bounds) {
    return kFailed;
  }
  prepare(tasks);
  Reply reply;
  const auto confinement = confine(*bounds);
  if (!confinement) {
    static_cast<void>(tell(fail(confinement.error())));
    return kFailed;
  }
  Result<void> told = send_frame(kChannel, FrameKind::hello, packed_confinement(*confinement));
  while (told) {
    const auto received = receive_request(kChannel);
    if (!received) {
      break;
    }
    const auto outcome = run_named(tasks, *received, reply);
    reply.flush();
    told = tell(outcome);
  }
  // Nothing is left to be done at an exit, and what would be done may be forbidden.
  ::_exit(kDone);
}

}  // namespace ot::agent::wall
