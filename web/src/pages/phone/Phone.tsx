/** Trying the line leads to the page that anybody may open. */
export { Component } from "@/pages/phone/OpenPhone";
