#include "client/ui/ime_x11.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <dlfcn.h>

#include <cstdarg>
#include <cstdio>
#include <string_view>

namespace zf::ui {
namespace {

XIC input_context = nullptr;  // of the one window
bool is_gone = false;
XPoint spot{0, 0};

template <class Function>
Function next_of(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

void note_gone(XIC, XPointer, XPointer) {
    is_gone = true;
}

int pass_over(Display*, XErrorEvent* error) {
    std::fprintf(stderr, "zoufang: the display reports error %d; the program goes on\n",
                 error->error_code);
    return 0;
}

}  // namespace

void guard_input_method() {
    XSetErrorHandler(pass_over);
}

void move_candidates(int x, int y) {
    spot = {static_cast<short>(x), static_cast<short>(y)};
    if (!input_context || is_gone) return;
    XVaNestedList place = XVaCreateNestedList(0, XNSpotLocation, &spot, nullptr);
    XSetICValues(input_context, XNPreeditAttributes, place, nullptr);
    XFree(place);
}

bool is_input_method_gone() {
    return is_gone;
}

}  // namespace zf::ui

// These stand before the library's functions of the same names, for this program only.
extern "C" {

/// GLFW calls it and goes on with a key event that was filtered, which then deletes text that is
/// being composed (glfw pull request 1972). An unused type makes it pass over the event.
Bool XFilterEvent(XEvent* event, Window window) {
    static const auto real = zf::ui::next_of<Bool (*)(XEvent*, Window)>("XFilterEvent");
    const Bool filtered = real(event, window);
    if (filtered && (event->type == KeyPress || event->type == KeyRelease)) event->type = 0;
    return filtered;
}

/// GLFW asks for a context without a place for candidates; the style with a place is asked for
/// first, and GLFW's own if the input method does not have it.
XIC XCreateIC(XIM method, ...) {
    Window client = 0;
    va_list arguments;
    va_start(arguments, method);
    for (const char* name = va_arg(arguments, const char*); name;
         name = va_arg(arguments, const char*)) {
        const auto value = va_arg(arguments, unsigned long);
        if (std::string_view(name) == XNClientWindow) client = value;
    }
    va_end(arguments);
    static const auto real = zf::ui::next_of<XIC (*)(XIM, ...)>("XCreateIC");
    XIMCallback gone{nullptr, reinterpret_cast<XIMProc>(zf::ui::note_gone)};
    XVaNestedList place = XVaCreateNestedList(0, XNSpotLocation, &zf::ui::spot, nullptr);
    XIC context =
        real(method, XNInputStyle, XIMPreeditPosition | XIMStatusNothing, XNClientWindow, client,
             XNFocusWindow, client, XNPreeditAttributes, place, XNDestroyCallback, &gone, nullptr);
    XFree(place);
    if (!context) {
        context = real(method, XNInputStyle, XIMPreeditNothing | XIMStatusNothing, XNClientWindow,
                       client, XNFocusWindow, client, XNDestroyCallback, &gone, nullptr);
    } else {
        zf::ui::input_context = context;
    }
    return context;
}

int Xutf8LookupString(XIC context, XKeyPressedEvent* event, char* buffer, int bytes, KeySym* key,
                      Status* status) {
    static const auto real =
        zf::ui::next_of<int (*)(XIC, XKeyPressedEvent*, char*, int, KeySym*, Status*)>(
            "Xutf8LookupString");
    if (!zf::ui::is_gone) return real(context, event, buffer, bytes, key, status);
    const int length = XLookupString(event, buffer, bytes, key, nullptr);
    *status = length > 0 ? XLookupBoth : XLookupKeySym;
    return length;
}

void XSetICFocus(XIC context) {
    static const auto real = zf::ui::next_of<void (*)(XIC)>("XSetICFocus");
    if (!zf::ui::is_gone) real(context);
}

void XUnsetICFocus(XIC context) {
    static const auto real = zf::ui::next_of<void (*)(XIC)>("XUnsetICFocus");
    if (!zf::ui::is_gone) real(context);
}

void XDestroyIC(XIC context) {
    static const auto real = zf::ui::next_of<void (*)(XIC)>("XDestroyIC");
    if (context == zf::ui::input_context) zf::ui::input_context = nullptr;
    if (!zf::ui::is_gone) real(context);
}

Status XCloseIM(XIM method) {
    static const auto real = zf::ui::next_of<Status (*)(XIM)>("XCloseIM");
    return zf::ui::is_gone ? 0 : real(method);
}

}  // extern "C"
