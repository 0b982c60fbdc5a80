import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import Embed from './Embed.svelte';
import { route } from './lib/router.svelte.ts';

const target = document.getElementById('page') as HTMLElement;
if (location.pathname === '/embed') mount(Embed, { target });
else {
  route.follow();
  mount(App, { target });
}
