import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { route } from './lib/router.svelte.ts';

route.follow();
mount(App, { target: document.getElementById('page') as HTMLElement });
