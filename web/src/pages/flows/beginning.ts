/** What a new flow begins with. */
export const BEGINNING = `about: Two choices
languages: [en]

steps:
  welcome:
    say: Hello, and thank you for calling {company}.
    then: main

  main:
    menu: To pay a bill, press one. To speak to a person, press two.
    keys:
      1: {then: pay, words: {en: [pay, pay a bill]}}
      2: person

  pay:
    do: take_payment
    then: goodbye
`;
